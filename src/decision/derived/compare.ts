/** @module Comparisons: a signal of the candidate beside the same signal of its baseline. */

import { indexCounterparts } from "../counterpart.ts";
import type { DecisionRequest, Signal } from "../request.ts";
import { testFisherExact } from "./fisher-exact.ts";
import { hasSmallExpectedCount, type ProportionPair } from "./proportion-pair.ts";
import { roundDerived } from "./round.ts";
import { testTwoProportions } from "./two-proportion.ts";
import { deriveDifferenceInterval } from "./wilson.ts";

/** One candidate signal with counts, compared with the same signal of another population. */
export type CompareRow = {
  readonly signal: string;
  readonly service: string;
  readonly sli: Signal["sli"];
  /** As the signal says; absent where it says nothing. */
  readonly critical?: boolean;
  /** As the signal says; `lower_better` where it says nothing, since bad events are counted. */
  readonly direction: "lower_better" | "higher_better";
  readonly method: "two_proportion" | "fisher_exact";
  readonly population_baseline: "baseline" | "stable";
  /** Ratio of bad events of the candidate minus that of the baseline. */
  readonly estimate: number;
  /** 95 % Newcombe interval of `estimate`. */
  readonly lo: number;
  readonly hi: number;
  /** Ratio over ratio; null where the baseline has no bad events. */
  readonly effect: number | null;
  /** Pooled z squared; null with the exact test. */
  readonly z2: number | null;
  /** One-sided: candidate worse. */
  readonly p_value: number;
  readonly bad_candidate: number;
  readonly n_candidate: number;
  readonly bad_baseline: number;
  readonly n_baseline: number;
  readonly ratio_candidate: number;
  readonly ratio_baseline: number;
};

type Counted = Signal & { readonly bad: number; readonly total: number };

/**
 * One row for each candidate signal that has a counterpart of the same id and service in the
 * population `baseline`, else in `stable`; both of status `ok`, with counts and at least one event.
 * Rows come in the order of the signals.
 */
export function deriveComparisons(request: DecisionRequest): CompareRow[] {
  const counted = request.health.signals.filter(isCounted);
  const counterpartsOf = indexCounterparts(counted);
  return counted.flatMap((candidate) => {
    if (candidate.population !== "candidate") return [];
    const [best] = counterpartsOf(candidate.id, candidate.service);
    return best === undefined ? [] : [compareSignals(candidate, best.signal, best.population)];
  });
}

function isCounted(signal: Signal): signal is Counted {
  return (
    signal.status === "ok" &&
    signal.bad !== undefined &&
    signal.total !== undefined &&
    signal.total > 0
  );
}

function compareSignals(
  candidate: Counted,
  baseline: Counted,
  populationBaseline: "baseline" | "stable",
): CompareRow {
  const pair: ProportionPair = {
    badCandidate: candidate.bad,
    totalCandidate: candidate.total,
    badBaseline: baseline.bad,
    totalBaseline: baseline.total,
  };
  const ratioCandidate = candidate.bad / candidate.total;
  const ratioBaseline = baseline.bad / baseline.total;
  const { lo, hi } = deriveDifferenceInterval(pair);
  return {
    signal: candidate.id,
    service: candidate.service,
    sli: candidate.sli,
    ...(candidate.critical === undefined ? {} : { critical: candidate.critical }),
    direction: candidate.direction ?? "lower_better",
    population_baseline: populationBaseline,
    estimate: roundDerived(ratioCandidate - ratioBaseline),
    lo: roundDerived(lo),
    hi: roundDerived(hi),
    effect: baseline.bad === 0 ? null : roundDerived(ratioCandidate / ratioBaseline),
    ...testPair(pair),
    bad_candidate: candidate.bad,
    n_candidate: candidate.total,
    bad_baseline: baseline.bad,
    n_baseline: baseline.total,
    ratio_candidate: roundDerived(ratioCandidate),
    ratio_baseline: roundDerived(ratioBaseline),
  };
}

function testPair(pair: ProportionPair): Pick<CompareRow, "method" | "z2" | "p_value"> {
  if (hasSmallExpectedCount(pair)) {
    return { method: "fisher_exact", z2: null, p_value: roundDerived(testFisherExact(pair)) };
  }
  const { z2, pValue } = testTwoProportions(pair);
  return { method: "two_proportion", z2: roundDerived(z2), p_value: roundDerived(pValue) };
}
