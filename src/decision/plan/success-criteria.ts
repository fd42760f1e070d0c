/** @module When a service counts as recovered, for the verify steps of a plan. */

import { computeBudgetRatio } from "../derived/burn.ts";
import { deriveWilsonInterval } from "../derived/wilson.ts";
import type { NormalisedInput } from "../normalise.ts";
import { signalOfService } from "../signal-identity.ts";
import type { SuccessCriterion } from "./plan-schema.ts";

/** Criteria in one step: the objectives first, then comparisons, in the order of the request. */
const criteriaMax = 32;
/** The window of a signal that was compared but has no windows of its own. */
const windowDefaultS = 300;
/** Beyond this many events a step would wait longer than anyone can. */
const sampleCountMax = 10_000;

/**
 * Each signal that was judged gives one: within its objective, or, where it was only compared, not
 * worse than the baseline may have been.
 */
export function createSuccessCriteria(input: NormalisedInput): SuccessCriterion[] {
  const criteria = new Map<string, SuccessCriterion>();
  const add = (service: string, signal: string, value: number, windowS: number) => {
    const key = signalOfService(signal, service);
    const known = criteria.get(key);
    // Several rows of one signal: the strictest objective over the shortest window.
    const limit = Math.min(value, known?.value ?? value);
    const window_s = Math.min(windowS, known?.window_s ?? windowS);
    const min_n = sampleCountFor(limit);
    criteria.set(key, { service, signal, op: "<=", value: limit, window_s, min_n });
  };
  for (const row of input.derived.burn) {
    add(row.service, row.signal, computeBudgetRatio(row.objective_ratio), row.window_s);
  }
  for (const row of input.derived.compare) {
    if (criteria.has(signalOfService(row.signal, row.service))) continue;
    const { hi } = deriveWilsonInterval(row.bad_baseline, row.n_baseline);
    add(row.service, row.signal, roundUp(hi), windowDefaultS);
  }
  return [...criteria.values()].slice(0, criteriaMax);
}

/** Events of which one may be bad within `ratio`: with fewer, one bad event more decides alone. */
function sampleCountFor(ratio: number): number {
  return ratio === 0 ? sampleCountMax : Math.min(sampleCountMax, Math.ceil(1 / ratio));
}

/**
 * The next 1, 2 or 5 of the decade, at most 1. A baseline is measured anew at every question; the
 * plan, and so its id, must not change with it from minute to minute.
 */
function roundUp(ratio: number): number {
  const [mantissa = "1", exponent = "0"] = ratio.toExponential().split("e");
  const step = [1, 2, 5].find((candidate) => Number(mantissa) <= candidate) ?? 10;
  return Math.min(1, Number(`${step}e${exponent}`));
}
