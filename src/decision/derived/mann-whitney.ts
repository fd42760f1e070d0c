/**
 * @module How far one sample lies above another, whatever their distributions: the Hodges-Lehmann
 * estimate of the shift, and the interval of shifts that a Mann-Whitney test does not refuse.
 *
 * As R's `wilcox.test` (normal approximation, continuity correction) and Kayenta compute them.
 * Sources: H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other" (1947); J. L. Hodges, E. L. Lehmann, "Estimates of location
 * based on rank tests" (1963); D. F. Bauer, "Constructing confidence sets using rank statistics"
 * (1972).
 */

import { solveRoot } from "./root.ts";

/** In the unit of the samples. */
export interface Shift {
  /** The median of all differences between a value of one and a value of the other. */
  readonly estimate: number;
  /** Ends of the interval. */
  readonly lo: number;
  readonly hi: number;
}

/** Both samples in ascending order, finite and not empty. */
export interface SamplePair {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
}

/** The normal quantile of an interval of 98 %, Kayenta's level. */
export const z98 = 2.3263478740408408;

/**
 * The shift of the candidate over the baseline. `z` is the normal quantile of the interval: 1.96 for
 * 95 %, `z98` for 98 %. Samples too small for that level give the widest interval there is, from
 * the smallest to the largest difference, which is no longer one of that level: five values on each
 * side are enough for 98 %.
 *
 * Each number is off by `tolerance` at most, in the unit of the samples.
 */
export function deriveShift(pair: SamplePair, z: number, tolerance: number): Shift {
  const root = (quantile: number): number => solveQuantile(pair, quantile, tolerance, 0.5);
  return { estimate: root(0), lo: root(z), hi: root(-z) };
}

/**
 * The same to the last digit. On paper an end of the interval is one of the differences between a
 * value of one side and a value of the other, and the estimate is the median of all of them.
 */
export function deriveExactShift(pair: SamplePair, z: number): Shift {
  const [least, most] = rangeOf(pair);
  const tolerance = (most - least) * 1e-12;
  const middle = solveQuantile(pair, 0, tolerance, 0);
  const exact = (value: number, between: (below: number, above: number) => number): number => {
    const [below, above] = findNeighbours(pair, value);
    const enough = tolerance + 4 * Number.EPSILON * Math.abs(value);
    if (value - below <= enough) return below;
    return above - value <= enough ? above : between(below, above);
  };
  const end = (quantile: number): number => {
    const value = solveQuantile(pair, quantile, tolerance, 0.5);
    return exact(value, () => value);
  };
  return {
    estimate: exact(middle, (below, above) => (below + above) / 2),
    lo: end(z),
    hi: end(-z),
  };
}

/** The smallest and the largest difference of a candidate's value and a baseline's. */
function rangeOf({ candidate, baseline }: SamplePair): [least: number, most: number] {
  return [first(candidate) - last(baseline), last(candidate) - first(baseline)];
}

/** The shift at which the standardised rank sum is `quantile`, or the end of the range before it. */
function solveQuantile(
  pair: SamplePair,
  quantile: number,
  tolerance: number,
  correction: number,
): number {
  const [least, most] = rangeOf(pair);
  // Two constants: on paper, no rank tells any other shift from this one.
  if (least === most) return least;
  const f = (mu: number): number => standardise(pair, mu, correction) - quantile;
  if (f(least) <= 0) return least;
  if (f(most) >= 0) return most;
  return solveRoot(f, least, most, tolerance);
}

/** The largest difference that is not above `value`, and the smallest that is not below. */
function findNeighbours({ candidate, baseline }: SamplePair, value: number) {
  let below = -Infinity;
  let above = Infinity;
  let j = 0;
  for (const x of candidate) {
    while (j < baseline.length && x - at(baseline, j) > value) j += 1;
    // The baseline's values before j give more than `value`, those from j on no more than that.
    if (j > 0) above = Math.min(above, x - at(baseline, j - 1));
    if (j < baseline.length) below = Math.max(below, x - at(baseline, j));
  }
  return below === value ? ([value, value] as const) : ([below, above] as const);
}

/** The part of all pairs of values in which the candidate's is the higher; a tie is half; 0..1. */
export function deriveSuperiority(pair: SamplePair): number {
  return countRanks(pair, 0).above / (pair.candidate.length * pair.baseline.length);
}

/** The standardised rank sum of the candidate less `mu`; falls as `mu` grows. */
function standardise(pair: SamplePair, mu: number, correction: number): number {
  const m = pair.candidate.length;
  const n = pair.baseline.length;
  const { above, ties } = countRanks(pair, mu);
  const difference = above - (m * n) / 2;
  const size = m + n;
  const sigma = Math.sqrt(((m * n) / 12) * (size + 1 - ties / (size * (size - 1))));
  // All tied at this shift: nothing tells one side from the other.
  return sigma === 0 ? 0 : (difference - Math.sign(difference) * correction) / sigma;
}

/**
 * Both samples are walked once, in order; this is most of what a shift costs. `above` is Mann and
 * Whitney's U: pairs in which the candidate, less `mu`, is the higher, ties as half. `ties` is the
 * sum of t^3 - t over groups of t equal values of both together.
 */
function countRanks({ candidate, baseline }: SamplePair, mu: number) {
  const m = candidate.length;
  const n = baseline.length;
  let above = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < m || j < n) {
    const x = i < m ? (candidate[i] ?? 0) - mu : Infinity;
    const y = j < n ? (baseline[j] ?? 0) : Infinity;
    const value = x < y ? x : y;
    const before = j;
    let t = 0;
    while (j < n && baseline[j] === value) j += 1;
    while (i < m && (candidate[i] ?? 0) - mu === value) {
      i += 1;
      t += 1;
    }
    above += t * (before + (j - before) / 2);
    t += j - before;
    if (t > 1) ties += t * t * t - t;
  }
  return { above, ties };
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Infinity;
}

function first(values: readonly number[]): number {
  return at(values, 0);
}

function last(values: readonly number[]): number {
  return at(values, values.length - 1);
}
