/** @module Bad events of a candidate beside those of its baseline: a 2 x 2 table of counts. */

/** Counts of two samples, `0 <= bad <= total` and `1 <= total <= 2^53 - 1` in each. */
export interface ProportionPair {
  readonly badCandidate: number;
  readonly totalCandidate: number;
  readonly badBaseline: number;
  readonly totalBaseline: number;
}

/** Below this many expected events in any cell the normal approximation is not to be trusted. */
const expectedCountMin = 5;

/**
 * Whether some cell of the table has an expected count below five (Cochran's rule; W. G. Cochran,
 * "Some methods for strengthening the common chi-squared tests", Biometrics 10, 1954).
 */
export function hasSmallExpectedCount(pair: ProportionPair): boolean {
  const { badCandidate, totalCandidate, badBaseline, totalBaseline } = pair;
  const bad = badCandidate + badBaseline;
  const good = totalCandidate - badCandidate + (totalBaseline - badBaseline);
  const smallest = (Math.min(totalCandidate, totalBaseline) / (bad + good)) * Math.min(bad, good);
  return smallest < expectedCountMin;
}
