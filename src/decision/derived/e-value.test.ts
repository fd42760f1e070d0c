import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveEValue } from "./e-value.ts";

test("no events are no evidence", () => {
  for (const p0 of [1e-15, 0.001, 0.5, 0.999]) expect(deriveEValue(0, 0, p0)).toBeCloseTo(1, 12);
});

test.each([
  ["as many as allowed", 10, 10_000, 0.001],
  ["half as many more", 15, 10_000, 0.001],
  ["none of very many", 0, 9e15, 0.001],
  ["one of a hundred", 1, 100, 0.01],
])("%s: far from evidence", (_name, bad, total, p0) => {
  expect(deriveEValue(bad, total, p0)).toBeLessThan(1);
});

test.each([
  ["three of a hundred", 3, 100, 0.001],
  ["ten times too many", 10, 1_000, 0.001],
  ["three times too many of many", 300, 100_000, 0.001],
  ["two thirds, where a tenth is allowed", 8, 12, 0.1],
])("%s: as strong as one in a hundred by chance", (_name, bad, total, p0) => {
  expect(deriveEValue(bad, total, p0)).toBeGreaterThan(100);
});

/** The expectation over all sequences of `n` events of which each is bad with probability `p`. */
function expectationOf(n: number, p: number, p0: number): number {
  let sum = 0;
  let ways = 1;
  for (let bad = 0; bad <= n; bad += 1) {
    sum += ways * p ** bad * (1 - p) ** (n - bad) * deriveEValue(bad, n, p0);
    ways = (ways * (n - bad)) / (bad + 1);
  }
  return sum;
}

const ratio = fc.oneof(
  fc.constantFrom(0.5, 0.1, 0.01, 0.001),
  fc.double({ min: 1e-6, max: 0.99, noNaN: true }),
);

test("on average it is 1 at the budget and less below, whatever the number of events", () => {
  fc.assert(
    fc.property(ratio, fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }), (p0, n, part) => {
      expect(expectationOf(n, p0, p0)).toBeCloseTo(1, 9);
      expect(expectationOf(n, p0 * part, p0)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test("however often it is looked at, it seldom reaches a hundred by chance", () => {
  // Every path of 14 events, and whether it was ever at 20: at most one in twenty may be.
  const [n, p0, limit] = [14, 0.2, 20];
  let chance = 0;
  for (let path = 0; path < 1 << n; path += 1) {
    let [bad, reached] = [0, false];
    for (let i = 0; i < n; i += 1) {
      bad += (path >> i) & 1;
      reached ||= deriveEValue(bad, i + 1, p0) >= limit;
    }
    if (reached) chance += p0 ** bad * (1 - p0) ** (n - bad);
  }
  expect(chance).toBeGreaterThan(0);
  expect(chance).toBeLessThanOrEqual(1 / limit);
});

test("counts of any size give a number from 0 up, and more bad events never less of one", () => {
  const count = fc.oneof(fc.nat(30), fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER));
  const budget = fc.oneof(fc.constantFrom(1e-15, 1 - 1e-15), ratio);
  fc.assert(
    fc.property(count, count, budget, (one, other, p0) => {
      const [bad, total] = [Math.min(one, other), Math.max(one, other)];
      const value = deriveEValue(bad, total, p0);
      expect(value >= 0 && value <= 1e300).toBe(true);
      const more = deriveEValue(Math.min(total, bad + 1), total, p0);
      expect(more).toBeGreaterThanOrEqual(value * (1 - 1e-9));
    }),
    { numRuns: 1_000 },
  );
});
