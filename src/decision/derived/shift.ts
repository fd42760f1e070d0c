/** @module Shifts: how far the values of a candidate's series lie above those of its baseline. */

import type { DecisionRequest, Signal } from "../request.ts";
import { testFisherExact } from "./fisher-exact.ts";
import { deriveExactShift, deriveSuperiority, z98 } from "./mann-whitney.ts";
import { hasSmallExpectedCount, type ProportionPair } from "./proportion-pair.ts";
import { roundDerived } from "./round.ts";
import { deriveMeanRatio, matchSeries, meanOf, type SeriesMatch } from "./series-pair.ts";
import { testTwoProportions } from "./two-proportion.ts";

/** One candidate signal with a series, and the same signal of another population. */
export type ShiftRow = {
  readonly signal: string;
  readonly service: string;
  readonly sli: Signal["sli"];
  /** As the signal says; absent where it says nothing. */
  readonly critical?: boolean;
  /** Of the values, as the signal says; absent where it says nothing. */
  readonly unit?: NonNullable<Signal["unit"]>;
  /** Which way is worse, as the signal says; `lower_better` where it says nothing. */
  readonly direction: "lower_better" | "higher_better";
  /**
   * `mann_whitney`: judged by the interval of the shift. `fisher_exact_nonzero`: the baseline is 0
   * throughout, where a few values above it would not move a median: judged by `p_value`.
   */
  readonly method: "mann_whitney" | "fisher_exact_nonzero";
  readonly population_baseline: "baseline" | "stable";
  /** Hodges-Lehmann estimate of candidate minus baseline, in the unit of the signal. */
  readonly estimate: number;
  /** 98 % interval of `estimate`; the widest there is where there are fewer than five points. */
  readonly lo: number;
  readonly hi: number;
  /** The ends as multiples of the size of `estimate`, within -1e300 .. 1e300; null where that is 0. */
  readonly lo_ratio: number | null;
  readonly hi_ratio: number | null;
  /** Mean over mean; null unless both are above 0. */
  readonly effect: number | null;
  /** Part of the pairs of points in which the candidate's is the higher, ties as half. */
  readonly cles: number;
  /** One-sided: more values that are not 0 than the baseline has; null with `mann_whitney`. */
  readonly p_value: number | null;
  readonly nonzero_candidate: number;
  readonly nonzero_baseline: number;
  /** Points that are not null, within the time that both series cover. */
  readonly n_candidate: number;
  readonly n_baseline: number;
  readonly mean_candidate: number;
  readonly mean_baseline: number;
  /** The time that both cover, epoch ms; it begins with the exposure where that is later. */
  readonly from_ms: number;
  readonly to_ms: number;
};

const multipleMax = 1e300;

/** Of these neither more nor less is bad by itself: without a direction nobody can judge them. */
const undirected: ReadonlySet<Signal["sli"]> = new Set(["throughput", "business"]);

export function deriveShifts(request: DecisionRequest): ShiftRow[] {
  return matchSeries(request)
    .filter(({ candidate }) => candidate.direction !== undefined || !undirected.has(candidate.sli))
    .map(describe);
}

function describe({ candidate: signal, population, pair }: SeriesMatch): ShiftRow {
  const { candidate, baseline, from_ms, to_ms } = pair;
  const { estimate, lo, hi } = deriveExactShift(pair, z98);
  const effect = deriveMeanRatio(pair);
  const direction = signal.direction ?? "lower_better";
  const counts: ProportionPair = {
    badCandidate: candidate.filter((value) => value !== 0).length,
    totalCandidate: candidate.length,
    badBaseline: baseline.filter((value) => value !== 0).length,
    totalBaseline: baseline.length,
  };
  const appears =
    direction === "lower_better" && counts.badBaseline === 0 && counts.badCandidate > 0;
  return {
    signal: signal.id,
    service: signal.service,
    sli: signal.sli,
    ...(signal.critical === undefined ? {} : { critical: signal.critical }),
    ...(signal.unit === undefined ? {} : { unit: signal.unit }),
    direction,
    method: appears ? "fisher_exact_nonzero" : "mann_whitney",
    population_baseline: population,
    estimate: roundDerived(estimate),
    lo: roundDerived(lo),
    hi: roundDerived(hi),
    lo_ratio: deriveMultiple(lo, estimate),
    hi_ratio: deriveMultiple(hi, estimate),
    effect: effect === null ? null : roundDerived(effect),
    cles: roundDerived(deriveSuperiority(pair)),
    p_value: appears ? roundDerived(testCounts(counts)) : null,
    nonzero_candidate: counts.badCandidate,
    nonzero_baseline: counts.badBaseline,
    n_candidate: candidate.length,
    n_baseline: baseline.length,
    mean_candidate: roundDerived(meanOf(candidate)),
    mean_baseline: roundDerived(meanOf(baseline)),
    from_ms,
    to_ms,
  };
}

function deriveMultiple(end: number, estimate: number): number | null {
  if (estimate === 0) return null;
  const multiple = end / Math.abs(estimate);
  return roundDerived(Math.max(-multipleMax, Math.min(multipleMax, multiple)));
}

/** With nothing in the baseline, many points are needed before the normal approximation serves. */
function testCounts(counts: ProportionPair): number {
  return hasSmallExpectedCount(counts)
    ? testFisherExact(counts)
    : testTwoProportions(counts).pValue;
}

/** Tolerance of Kayenta's judge: a part of the estimate that a shift has to exceed for sure. */
const toleranceRatio = 0.25;
/** How many times as high the mean has to be, or as low where more is better. */
const effectMin = 1.25;
const effectMax = 0.8;
const pValueBelow = 0.05;
const nonzeroMin = 3;
/** Fewer points on a side, and the interval is not one of 98 %. */
const pointsMin = 5;

/** Whether a row shows something bad, by constants of its own: an observation for the record. */
export function isWorseShift(row: ShiftRow): boolean {
  if (row.method === "fisher_exact_nonzero") {
    return row.p_value !== null && row.p_value < pValueBelow && row.nonzero_candidate >= nonzeroMin;
  }
  if (Math.min(row.n_candidate, row.n_baseline) < pointsMin) return false;
  const { effect, lo_ratio, hi_ratio } = row;
  return row.direction === "lower_better"
    ? lo_ratio !== null && lo_ratio > toleranceRatio && (effect === null || effect >= effectMin)
    : hi_ratio !== null && hi_ratio < -toleranceRatio && (effect === null || effect <= effectMax);
}
