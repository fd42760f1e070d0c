/**
 * @module Burn rates: how many times faster than allowed an error budget is being spent.
 *
 * Source: Google, "The Site Reliability Workbook" (2018), chapter 5, "Alerting on SLOs".
 */

import type { DecisionRequest, Signal } from "../request.ts";
import { roundDerived } from "./round.ts";

/** One row for each SLO, signal it speaks of, and window of that signal. */
export type BurnRow = {
  readonly slo: string;
  readonly signal: string;
  readonly service: string;
  readonly population: Signal["population"];
  readonly objective_ratio: number;
  readonly window_s: number;
  /** The part of the window since the candidate was exposed, where that is known. */
  readonly effective_window_s: number;
  /** `(bad/total)/(1-objective)`; null without events, and where no budget exists. */
  readonly rate: number | null;
  readonly bad: number;
  readonly total: number;
};

/** Rows in the order of the SLOs, the signals and their windows. Only signals of status `ok`. */
export function deriveBurn(request: DecisionRequest, nowMs: number): BurnRow[] {
  const { slos = [], signals } = request.health;
  const exposedSinceMs = request.release.exposed_since_ms;
  const exposedS =
    exposedSinceMs === undefined ? Infinity : Math.max(0, (nowMs - exposedSinceMs) / 1_000);
  return slos.flatMap(({ id: slo, signal: signalId, objective_ratio }) => {
    const budgetRatio = computeBudgetRatio(objective_ratio);
    return signals
      .filter((signal) => signal.id === signalId && signal.status === "ok")
      .flatMap(({ service, population, windows = [] }) =>
        windows.map(({ window_s, bad, total }) => ({
          slo,
          signal: signalId,
          service,
          population,
          objective_ratio,
          window_s,
          effective_window_s: roundDerived(Math.min(window_s, exposedS)),
          rate: computeBurnRate(bad, total, budgetRatio),
          bad,
          total,
        })),
      );
  });
}

/**
 * `(bad/total)/budgetRatio` for 0 <= bad <= total and 0 <= budgetRatio <= 1; null where `total` is 0
 * or there is no budget.
 */
export function computeBurnRate(bad: number, total: number, budgetRatio: number): number | null {
  if (total === 0 || budgetRatio === 0) return null;
  return roundDerived(bad / total / budgetRatio);
}

/**
 * `1 - objectiveRatio` to fifteen decimals, as far as a double near 1 means anything; the rest is
 * the noise of binary fractions (1 - 0.999999 is 1.00000000002876e-6).
 */
export function computeBudgetRatio(objectiveRatio: number): number {
  return Number((1 - objectiveRatio).toFixed(15));
}
