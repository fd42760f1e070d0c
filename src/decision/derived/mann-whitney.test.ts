import erfc from "@stdlib/math-base-special-erfc";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  deriveExactShift,
  deriveShift,
  deriveSuperiority,
  type SamplePair,
  z98,
} from "./mann-whitney.ts";
import { samples, sparseErrors, tieOut } from "./sample.fixture.ts";

const z95 = 1.959963984540054;
/** Kayenta's, and R's. */
const tolerance = 1e-4;

test.each([
  ["R's", [1, 2, 3, 4], [10, 20, 30, 40], "22.5", "6", "39"],
  ["High", [1, 2.2, 1.1, 2.5, 3], [20, 22, 21, 25, 30], "20.0", "17.800", "27.800"],
  ["one spike", [1, 1, 1, 1, 1], [1, 1, 1, 1, 10], "0", "0", "9.000"],
  [
    "Pass, for the end is over 0",
    [20, 22, 21, 25, 30],
    [10, 12.2, 10.1, 12.5, 23],
    "-11",
    "-17.800",
    "0.99995",
  ],
])("Kayenta's example: %s", (_name, control, experiment, estimate, lo, hi) => {
  const shift = deriveShift(samples(control, experiment), z95, tolerance);
  const digits = (text: string) => text.split(".")[1]?.length ?? 0;
  expect(shift.estimate.toFixed(digits(estimate))).toBe(estimate);
  expect(shift.lo.toFixed(digits(lo))).toBe(lo);
  expect(shift.hi.toFixed(digits(hi))).toBe(hi);
});

test("two samples of ninety points, as R's wilcox.test has them", () => {
  const { estimate, lo, hi } = deriveShift(
    samples(tieOut.control, tieOut.experiment),
    z95,
    tolerance,
  );
  expect(lo).toBeCloseTo(-0.500002521696696, 14);
  expect(hi).toBeCloseTo(-3.486287505871302e-5, 14);
  expect(Math.abs(estimate - -0.49994)).toBeLessThanOrEqual(1e-4);
});

test("few errors where there were none lie within the interval, and 0 does too", () => {
  const pair = samples(sparseErrors.control, sparseErrors.experiment);
  const { estimate, lo } = deriveShift(pair, z98, tolerance);
  expect(lo).toBe(0);
  expect(estimate.toFixed(5)).toBe("0.02155");
  expect((0.25 * estimate).toFixed(5)).toBe("0.00539");
});

test.each([
  [z98, "2.326348", 0.01],
  [z95, "1.9599639845", 0.025],
])("%d is the normal quantile of its level", (z, text, p) => {
  expect(z.toFixed(text.length - 2)).toBe(text);
  expect(erfc(z / Math.SQRT2) / 2).toBeCloseTo(p, 14);
});

test.each([
  ["identical", [5, 6, 7], [5, 6, 7], 0.5],
  ["no overlap, lower", [5, 6, 7], [1, 2, 3], 0],
  ["no overlap, higher", [1, 2, 3], [5, 6, 7], 1],
])("superiority of %s samples", (_name, control, experiment, part) => {
  expect(deriveSuperiority(samples(control, experiment))).toBe(part);
});

test("two constants differ by their difference, for sure", () => {
  const shift = { estimate: 1, lo: 1, hi: 1 };
  expect(deriveExactShift(samples([1, 1, 1], [2, 2]), z98)).toEqual(shift);
  expect(deriveShift(samples([1, 1, 1], [2, 2]), z98, tolerance)).toEqual(shift);
});

/** Values with ties and without, small and large. */
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -2_000, max: 2_000 }).map((n) => n / 8),
);
const pair = (minLength: number, maxLength: number) =>
  fc
    .tuple(fc.array(value, { minLength, maxLength }), fc.array(value, { minLength, maxLength }))
    .map(([control, experiment]) => samples(control, experiment));

function listDifferences({ candidate, baseline }: SamplePair): number[] {
  return candidate.flatMap((x) => baseline.map((y) => x - y)).toSorted((a, b) => a - b);
}

test("the estimate is the median of all differences", () => {
  fc.assert(
    fc.property(pair(1, 9), (one) => {
      const all = listDifferences(one);
      const [below = 0, above = 0] = [all[(all.length - 1) >> 1], all[all.length >> 1]];
      expect(deriveExactShift(one, z98).estimate).toBeCloseTo((below + above) / 2, 9);
    }),
    { numRuns: 1_000 },
  );
});

/** The standardised rank sum by ranking, as the formula has it. */
function standardiseByRanks({ candidate, baseline }: SamplePair, mu: number): number {
  const [m, n] = [candidate.length, baseline.length];
  const pooled = [...candidate.map((x) => x - mu), ...baseline];
  const rankOf = (v: number) =>
    pooled.filter((other) => other < v).length +
    (pooled.filter((other) => other === v).length + 1) / 2;
  const rankSum = pooled.slice(0, m).reduce((sum, v) => sum + rankOf(v), 0);
  const ties = [...new Set(pooled)]
    .map((v) => pooled.filter((other) => other === v).length)
    .reduce((sum, t) => sum + t ** 3 - t, 0);
  const difference = rankSum - (m * (m + 1)) / 2 - (m * n) / 2;
  const sigma = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  return sigma === 0 ? 0 : (difference - 0.5 * Math.sign(difference)) / sigma;
}

test("an end of the interval is the difference at which the rank sum crosses the quantile", () => {
  fc.assert(
    fc.property(pair(2, 9), (one) => {
      const all = listDifferences(one);
      const [least = 0, most = 0] = [all[0], all.at(-1)];
      const { lo, hi } = deriveExactShift(one, z98);
      for (const [end, quantile] of [
        [lo, z98],
        [hi, -z98],
      ] as const) {
        // Differences of the values above are multiples of an eighth.
        const before = standardiseByRanks(one, end - 1 / 64);
        const after = standardiseByRanks(one, end + 1 / 64);
        expect(end === least || before >= quantile).toBe(true);
        expect(end === most || after <= quantile).toBe(true);
      }
      expect(lo).toBeLessThanOrEqual(hi);
    }),
    { numRuns: 500 },
  );
});

/** Part of all ways to deal the pooled values out in which the candidate's rank sum is as high. */
function countPermutations(one: SamplePair): number {
  const pooled = [...one.candidate, ...one.baseline];
  const m = one.candidate.length;
  const seen = deriveSuperiority(one);
  let [as, all] = [0, 0];
  for (let mask = 0; mask < 1 << pooled.length; mask += 1) {
    const candidate = pooled.filter((_, index) => (mask >> index) & 1);
    if (candidate.length !== m) continue;
    const baseline = pooled.filter((_, index) => !((mask >> index) & 1));
    all += 1;
    if (deriveSuperiority(samples(baseline, candidate)) >= seen) as += 1;
  }
  return as / all;
}

test("where the interval is above 0, hardly any deal of the same values is as high", () => {
  let above = 0;
  const shifted = fc.tuple(pair(5, 5), fc.constantFrom(0, 3, 50, 1_000)).map(([one, by]) => ({
    ...one,
    candidate: one.candidate.map((v) => v + by),
  }));
  fc.assert(
    fc.property(shifted, (one) => {
      if (deriveExactShift(one, z98).lo <= 0) return;
      above += 1;
      expect(countPermutations(one)).toBeLessThanOrEqual(0.02);
    }),
    { numRuns: 300 },
  );
  expect(above).toBeGreaterThan(10);
});

test("samples of any size and scale give finite numbers in order, in no time", () => {
  const any = fc.oneof(
    fc.double({ min: -1e100, max: 1e100, noNaN: true }),
    value,
    fc.constant(5e-324),
  );
  const many = fc.array(any, { minLength: 1, maxLength: 300 });
  const startedMs = Date.now();
  fc.assert(
    fc.property(many, many, (control, experiment) => {
      const one = samples(control, experiment);
      for (const { estimate, lo, hi } of [
        deriveExactShift(one, z98),
        deriveShift(one, z98, 1e90),
      ]) {
        expect([estimate, lo, hi].every(Number.isFinite)).toBe(true);
        expect(lo).toBeLessThanOrEqual(hi);
      }
      expect(deriveSuperiority(one)).toBeGreaterThanOrEqual(0);
      expect(deriveSuperiority(one)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
  expect(Date.now() - startedMs).toBeLessThan(20_000);
});
