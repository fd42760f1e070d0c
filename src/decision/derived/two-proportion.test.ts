import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pair } from "./proportion-pair.fixture.ts";
import { testTwoProportions } from "./two-proportion.ts";

test.each([
  [12, 1_000, 10, 9_000, "48.611997"],
  [30, 1_000, 90, 9_000, "30.364372"],
  [5, 400, 10, 1_000, "0.168472"],
  [1, 20, 3, 9_000, "111.054248"],
])("bad %i of %i against %i of %i: z squared is %s", (a, n, b, m, z2) => {
  expect(testTwoProportions(pair(a, n, b, m)).z2.toFixed(6)).toBe(z2);
});

test.each([
  [30, 1_000, 90, 9_000, "1.790221e-8"],
  [12_053, 100_000, 11_770, 100_000, "2.537615e-2"],
  [5, 400, 10, 1_000, "3.407368e-1"],
])("bad %i of %i against %i of %i: p is %s, the normal tail beyond z", (a, n, b, m, p) => {
  expect(testTwoProportions(pair(a, n, b, m)).pValue.toExponential(6)).toBe(p);
});

test("equal ratios differ by nothing, and a better candidate is never worse than chance", () => {
  expect(testTwoProportions(pair(10, 1_000, 10, 1_000))).toEqual({ z2: 0, pValue: 0.5 });
  expect(testTwoProportions(pair(10, 1_000, 90, 1_000)).pValue).toBeGreaterThan(0.999_999);
});

test("exchanging the samples keeps z squared and turns the p-value round", () => {
  const total = fc.oneof(
    fc.integer({ min: 1, max: 1_000 }),
    fc.maxSafeNat().map((n) => n + 1),
  );
  fc.assert(
    fc.property(total, total, fc.nat(), fc.nat(), (n, m, x, y) => {
      const [a, b] = [x % (n + 1), y % (m + 1)];
      fc.pre(a + b > 0 && a + b < n + m);
      const there = testTwoProportions(pair(a, n, b, m));
      const back = testTwoProportions(pair(b, m, a, n));
      expect(there.z2).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(there.z2)).toBe(true);
      expect(back.z2).toBeCloseTo(there.z2, -Math.log10(Number.EPSILON * there.z2 * 16 + 1e-12));
      expect(there.pValue + back.pValue).toBeCloseTo(1, 12);
    }),
  );
});
