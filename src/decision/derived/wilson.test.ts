import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveDifferenceInterval, deriveWilsonInterval } from "./wilson.ts";

test.each([
  [0, 300, "0.000000", "0.012643"],
  [1, 20, "0.008881", "0.236131"],
  [12, 1_000, "0.006878", "0.020857"],
  [300, 300, "0.987357", "1.000000"],
])("bad %i of %i: the Wilson interval is %s to %s", (bad, total, lo, hi) => {
  const interval = deriveWilsonInterval(bad, total);
  expect([interval.lo.toFixed(6), interval.hi.toFixed(6)]).toEqual([lo, hi]);
});

// Newcombe (1998), table II, method 10: the worked examples (a) to (h).
test.each([
  ["a", 56, 70, 48, 80, "0.0524", "0.3339"],
  ["b", 9, 10, 3, 10, "0.1705", "0.8090"],
  ["c", 6, 7, 2, 7, "0.0582", "0.8062"],
  ["d", 5, 56, 0, 29, "-0.0381", "0.1926"],
  ["e", 0, 10, 0, 20, "-0.1611", "0.2775"],
  ["f", 0, 10, 0, 10, "-0.2775", "0.2775"],
  ["g", 10, 10, 0, 20, "0.6791", "1.0000"],
  ["h", 10, 10, 0, 10, "0.6075", "1.0000"],
])("Newcombe's example %s: %i of %i against %i of %i", (_name, a, n, b, m, lo, hi) => {
  const interval = deriveDifferenceInterval({
    badCandidate: a,
    totalCandidate: n,
    badBaseline: b,
    totalBaseline: m,
  });
  expect([interval.lo.toFixed(4), interval.hi.toFixed(4)]).toEqual([lo, hi]);
});

const sample = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([total, ratio]) => ({ total, bad: Math.min(total, Math.round(total * ratio)) }));

test("intervals hold the ratio they are about and stay where ratios are", () => {
  fc.assert(
    fc.property(sample, sample, (one, other) => {
      const { lo, hi } = deriveWilsonInterval(one.bad, one.total);
      const ratio = one.bad / one.total;
      expect(0 <= lo && lo <= ratio + 1e-15 && ratio - 1e-15 <= hi && hi <= 1).toBe(true);

      const difference = deriveDifferenceInterval({
        badCandidate: one.bad,
        totalCandidate: one.total,
        badBaseline: other.bad,
        totalBaseline: other.total,
      });
      const estimate = ratio - other.bad / other.total;
      expect(difference.lo).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(difference.hi).toBeLessThanOrEqual(1 + 1e-12);
      expect(difference.lo).toBeLessThanOrEqual(estimate);
      expect(difference.hi).toBeGreaterThanOrEqual(estimate);
    }),
  );
});
