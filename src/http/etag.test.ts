import { expect, test } from "vitest";
import { BelayError } from "../base/errors.ts";
import { hasETag, parseIfMatch } from "./etag.ts";

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ["*", true],
  ['"b"', false],
  ["a", false],
  ["", false],
  [undefined, false],
])("If-None-Match %s names the tag: %s", (header, expected) => {
  expect(hasETag(header, '"a"')).toBe(expected);
});

test("If-Match is one strong tag", () => {
  expect(parseIfMatch('"abc"')).toBe("abc");
  expect(parseIfMatch(undefined)).toBeUndefined();
});

test.each(["*", 'W/"abc"', '"a", "b"', "abc", ""])(
  "If-Match %s is refused with its place",
  (header) => {
    expect(() => parseIfMatch(header)).toThrow(BelayError);
    expect(() => parseIfMatch(header)).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        issues: [expect.objectContaining({ pointer: "/header/if-match" })],
      }),
    );
  },
);
