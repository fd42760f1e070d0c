/** @module Confidence intervals of one proportion and of the difference of two. */

import type { ProportionPair } from "./proportion-pair.ts";

export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** The 97.5 % quantile of the normal distribution: two-sided 95 %. */
const z95 = 1.959963984540054;

/**
 * Wilson's score interval of `bad` out of `total` at 95 %; within 0..1.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22 (1927).
 */
export function deriveWilsonInterval(bad: number, total: number): Interval {
  const ratio = bad / total;
  const z2 = z95 * z95;
  const centre = (bad + z2 / 2) / (total + z2);
  const spread = Math.sqrt(ratio * (total - bad) + z2 / 4);
  const half = (z95 / (total + z2)) * spread;
  return {
    // The ends are 0 and 1 on paper when nothing or everything is bad; rounding would miss them.
    lo: bad === 0 ? 0 : Math.max(0, centre - half),
    hi: bad === total ? 1 : Math.min(1, centre + half),
  };
}

/**
 * Newcombe's hybrid score interval of candidate ratio minus baseline ratio at 95 %; within -1..1.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions:
 * comparison of eleven methods", Statistics in Medicine 17 (1998), method 10.
 */
export function deriveDifferenceInterval(pair: ProportionPair): Interval {
  const candidateRatio = pair.badCandidate / pair.totalCandidate;
  const baselineRatio = pair.badBaseline / pair.totalBaseline;
  const candidate = deriveWilsonInterval(pair.badCandidate, pair.totalCandidate);
  const baseline = deriveWilsonInterval(pair.badBaseline, pair.totalBaseline);
  const difference = candidateRatio - baselineRatio;
  return {
    lo: difference - Math.hypot(candidateRatio - candidate.lo, baseline.hi - baselineRatio),
    hi: difference + Math.hypot(candidate.hi - candidateRatio, baselineRatio - baseline.lo),
  };
}
