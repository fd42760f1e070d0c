/** @module The pooled two-proportion z-test, for counts large enough for it. */

import erfc from "@stdlib/math-base-special-erfc";
import type { ProportionPair } from "./proportion-pair.ts";

export interface TwoProportionTest {
  /** Pooled z squared, which is Pearson's chi-squared of the table with one degree of freedom. */
  readonly z2: number;
  /** One-sided: the chance of a candidate at least this much worse if both were the same. */
  readonly pValue: number;
}

/**
 * Tests whether the candidate's ratio of bad events is higher. Requires at least one bad and one
 * good event among both samples, else there is nothing to pool.
 *
 * z^2 = N (ad - bc)^2 / (row and column sums), computed without a root (A. Agresti, "Categorical
 * Data Analysis", 3rd ed. 2013, 3.2.1); the p-value is 1 - Phi(z) = erfc(z / sqrt 2) / 2.
 */
export function testTwoProportions(pair: ProportionPair): TwoProportionTest {
  const { badCandidate, totalCandidate, badBaseline, totalBaseline } = pair;
  const goodCandidate = totalCandidate - badCandidate;
  const goodBaseline = totalBaseline - badBaseline;
  const difference = badCandidate * goodBaseline - badBaseline * goodCandidate;
  // Divided step by step: the product of four sums of 2^53 each would still fit a double, but the
  // order below keeps every intermediate value near the size of the result.
  const z2 =
    (difference / totalCandidate / (badCandidate + badBaseline)) *
    (difference / totalBaseline / (goodCandidate + goodBaseline)) *
    (totalCandidate + totalBaseline);
  const z = Math.sign(difference) * Math.sqrt(z2);
  return { z2, pValue: erfc(z / Math.SQRT2) / 2 };
}
