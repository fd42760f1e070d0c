import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findAtPointer, pointerOf } from "./json-pointer.ts";

// The document and the pointers of RFC 6901, section 5.
const document = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

test.each([
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/e^f", 3],
  ["/g|h", 4],
  ["/i\\j", 5],
  ['/k"l', 6],
  ["/ ", 7],
  ["/m~0n", 8],
])("%o leads to %o", (pointer, value) => {
  expect(findAtPointer(document, pointer)).toEqual(value);
});

test.each([
  "foo",
  "/foo/2",
  "/foo/-",
  "/foo/-1",
  "/foo/01",
  "/foo/1.0",
  "/foo/length",
  "/foo/0/0",
  "/m~n",
  "/a~2b",
  "/toString",
  "/__proto__",
  "/nowhere/else",
])("%o leads nowhere", (pointer) => {
  expect(findAtPointer(document, pointer)).toBeUndefined();
});

test("the pointer of a path leads back along it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 20 }), { minLength: 1 }),
      fc.integer(),
      (path, leaf) => {
        fc.pre(!path.includes("__proto__"));
        const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf);
        expect(findAtPointer(nested as Record<string, never>, pointerOf(path))).toBe(leaf);
      },
    ),
  );
});

test("a key beyond all measure does not fill the pointer", () => {
  expect(pointerOf(["x".repeat(1_000), 0])).toBe(`/${"x".repeat(200)}/0`);
});
