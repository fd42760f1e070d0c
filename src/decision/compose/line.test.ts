import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toLine } from "./line.ts";

test.each([
  ["plain", 5, "plain"],
  ["  a \n\r\n b\t\tc  ", 10, "a b c"],
  ["a\u2028b\u2029c\u0085d", 10, "a b c d"],
  ["safe\u202egnp.exe\u2066x", 20, "safe gnp.exe x"],
  ["\u001b[31mred\u0007", 10, "[31mred"],
  ["half \ud83d pair", 20, "half \ufffd pair"],
  ["12345678901", 10, "123456789…"],
  ["12345678😀9", 10, "12345678…"],
])("%o in at most %i is printed as %o", (text, lengthMax, line) => {
  expect(toLine(text, lengthMax)).toBe(line);
});

test("whatever comes in, one line of bounded length comes out", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 2, max: 50 }),
      (text, lengthMax) => {
        const line = toLine(text, lengthMax);
        expect(line.length).toBeLessThanOrEqual(lengthMax);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(line.isWellFormed()).toBe(true);
      },
    ),
  );
});
