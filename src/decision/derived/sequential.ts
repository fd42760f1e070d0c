/** @module Sequential tests: whether the events since the exposure keep to the budget so far. */

import type { DecisionRequest, Signal } from "../request.ts";
import { isCritical } from "../signal-criticality.ts";
import { computeBudgetRatio } from "./burn.ts";
import { deriveEValue } from "./e-value.ts";
import { roundDerived } from "./round.ts";

/** One SLO and the signal of the candidate that it speaks of. */
export type SequentialRow = {
  readonly slo: string;
  readonly signal: string;
  readonly service: string;
  readonly critical: boolean;
  readonly population: "candidate";
  /** The ratio of bad events that the objective allows. */
  readonly p0: number;
  /** The ratio that would be too much. */
  readonly p1: number;
  /** ln of the likelihood at `p1` over that at `p0`. */
  readonly llr: number;
  /** At or below this the test has accepted `p0`. */
  readonly accept_at: number;
  /** At or above this it has accepted `p1`. */
  readonly reject_at: number;
  /** As `deriveEValue` has it. */
  readonly e_value: number;
  readonly bad: number;
  readonly total: number;
  /** The window of the counts; null where they are the signal's own. */
  readonly window_s: number | null;
  /** What Wald's test says. */
  readonly says: "worse" | "fine" | "undecided";
};

/** Chance of calling a release worse that keeps to its budget. */
const alpha = 0.01;
/** Chance of calling one fine that spends its budget ten times too fast. */
const beta = 0.05;
const acceptAt = roundDerived(Math.log(beta / (1 - alpha)));
const rejectAt = roundDerived(Math.log((1 - beta) / alpha));

/**
 * Rows in the order of the SLOs, for signals of the candidate of status `ok` with events. What is
 * counted has to be all that happened since the exposure: the shortest window that reaches back as
 * far, or the signal's own counts where no window is known to.
 */
export function deriveSequential(request: DecisionRequest, nowMs: number): SequentialRow[] {
  const { slos = [], signals } = request.health;
  const exposedSinceMs = request.release.exposed_since_ms ?? -Infinity;
  return slos.flatMap(({ id: slo, signal: signalId, objective_ratio }) => {
    const p0 = computeBudgetRatio(objective_ratio);
    const p1 = alternativeTo(p0);
    // Without a budget there is nothing to test; with nearly all of it there is nothing worse.
    if (p0 === 0 || p1 >= 1 || p1 <= p0) return [];
    return signals.flatMap((signal) => {
      const { id, status, population } = signal;
      if (id !== signalId || status !== "ok" || population !== "candidate") return [];
      const counts = countSince(signal, (nowMs - exposedSinceMs) / 1_000);
      return counts === undefined ? [] : [{ slo, ...describe(signal, counts, { p0, p1 }) }];
    });
  });
}

interface Counts {
  readonly bad: number;
  readonly total: number;
  readonly window_s: number | null;
}

function countSince(signal: Signal, ageS: number): Counts | undefined {
  const { bad, total, windows = [] } = signal;
  let counts: Counts | undefined;
  for (const window of windows) {
    if (window.window_s >= ageS && window.window_s < (counts?.window_s ?? Infinity))
      counts = window;
  }
  if (counts === undefined && bad !== undefined && total !== undefined) {
    counts = { bad, total, window_s: null };
  }
  return counts === undefined || counts.total === 0 ? undefined : counts;
}

function describe(
  signal: Signal,
  { bad, total, window_s }: Counts,
  { p0, p1 }: { readonly p0: number; readonly p1: number },
): Omit<SequentialRow, "slo"> {
  const llr = roundDerived(computeLogLikelihoodRatio(bad, total, p0, p1));
  return {
    signal: signal.id,
    service: signal.service,
    critical: isCritical(signal),
    population: "candidate",
    p0,
    p1,
    llr,
    accept_at: acceptAt,
    reject_at: rejectAt,
    e_value: roundDerived(deriveEValue(bad, total, p0)),
    bad,
    total,
    window_s,
    says: judge(llr),
  };
}

/** Ten times the budget, but where that leaves no room for good events half way from it to 1. */
function alternativeTo(p0: number): number {
  return roundDerived(Math.min(10 * p0, (1 + p0) / 2));
}

/**
 * ln of the likelihood of `bad` of `total` events at the ratio `p1` over that at `p0`, for
 * 0 < p0 < p1 < 1.
 *
 * Source: A. Wald, "Sequential tests of statistical hypotheses", Annals of Mathematical Statistics
 * 16 (1945).
 */
export function computeLogLikelihoodRatio(
  bad: number,
  total: number,
  p0: number,
  p1: number,
): number {
  return bad * Math.log(p1 / p0) + (total - bad) * (Math.log1p(-p1) - Math.log1p(-p0));
}

function judge(llr: number): SequentialRow["says"] {
  if (llr >= rejectAt) return "worse";
  return llr <= acceptAt ? "fine" : "undecided";
}
