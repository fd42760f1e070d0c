import * as fc from "fast-check";
import { expect, test } from "vitest";
import { derivedDigits, roundDerived } from "./round.ts";

test.each([
  [14.399999999999988, 14.4],
  [0.1 + 0.2, 0.3],
  [1 / 3, 0.333333333333],
  [2 ** 53 - 1, 9007199254740000],
  [0, 0],
  [-0, 0],
  [999_999_999_999, 999_999_999_999],
  [-1_000_000_000_001, -1_000_000_000_000],
  [5e-324, 5e-324],
  [-1.7976931348623157e308, -1.79769313486e308],
])("the number %o is derived as %o", (value, rounded) => {
  expect(roundDerived(value)).toBe(rounded);
});

test("rounding is idempotent, keeps order and loses no more than its digits", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, (one, other) => {
      const rounded = roundDerived(one);
      expect(roundDerived(rounded)).toBe(rounded);
      expect(Math.abs(rounded - one)).toBeLessThanOrEqual(
        Math.max(Number.MIN_VALUE, Math.abs(one) * 10 ** (1 - derivedDigits)),
      );
      const [least = 0, most = 0] = [one, other].toSorted((a, b) => a - b);
      expect(roundDerived(least)).toBeLessThanOrEqual(roundDerived(most));
    }),
  );
});
