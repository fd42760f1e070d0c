/** @module Breaches: signals of what is released that show something bad right now. */

import type { DecisionRequest, Signal } from "../request.ts";
import { isCritical } from "../signal-criticality.ts";
import { isOfRelease, signalOfService } from "../signal-identity.ts";
import type { BurnRow } from "./burn.ts";
import type { CompareRow } from "./compare.ts";
import { isWorseShift, type ShiftRow } from "./shift.ts";

export type Breach = { readonly signal: string; readonly service: string };

/** What else is derived of a request, as far as breaches are read off it. */
export interface BreachEvidence {
  readonly burn: readonly BurnRow[];
  readonly compare: readonly CompareRow[];
  readonly shift: readonly ShiftRow[];
}

/** A breach rests on at least this many bad events, where it rests on events. */
const badMin = 3;
/** One-sided; lenient, for it takes several breaches in a row to mean something. */
const pValueBelow = 0.05;
/** The slow page of the SRE workbook: 5 % of a month's budget in six hours. */
const burnRateMin = 6;
/** As many as `history.checks` takes of one check. */
const breachesMax = 100;

/**
 * The signals in breach, each id and service once, at most a hundred: the critical ones first, then
 * in the order of the request. A signal of the candidate or the fleet, of status `ok`, is in breach
 * when one of these holds.
 *
 * - Its `limit` is passed by its value, or by the ratio of its counts where it has no value.
 * - The candidate is worse than its baseline, by its counts (`compare`) or its series (`shift`).
 * - The budget of one of its objectives burns fast over its shortest window (`burn`).
 *
 * This is an observation, not a judgement: no parameter of a policy changes what is recorded.
 */
export function deriveBreaches(request: DecisionRequest, evidence: BreachEvidence): Breach[] {
  const worse = new Set([
    ...evidence.compare
      .filter(isWorse)
      .map(({ signal, service }) => signalOfService(signal, service)),
    ...evidence.shift
      .filter(isWorseShift)
      .map(({ signal, service }) => signalOfService(signal, service)),
    ...findBurning(evidence.burn),
  ]);
  const critical = new Map<string, Breach>();
  const other = new Map<string, Breach>();
  for (const signal of request.health.signals) {
    const { id, service, status } = signal;
    if (status !== "ok" || !isOfRelease(signal)) continue;
    const key = signalOfService(id, service);
    if (!worse.has(key) && !isPastLimit(signal)) continue;
    (isCritical(signal) ? critical : other).set(key, { signal: id, service });
  }
  return [...new Map([...critical, ...other]).values()].slice(0, breachesMax);
}

function isWorse({ lo, p_value, bad_candidate }: CompareRow): boolean {
  return lo > 0 && p_value < pValueBelow && bad_candidate >= badMin;
}

function findBurning(rows: readonly BurnRow[]): string[] {
  const shortest = new Map<string, BurnRow>();
  for (const row of rows) {
    if (!isOfRelease(row)) continue;
    const stream = `${row.slo}\n${row.service}\n${row.population}`;
    const known = shortest.get(stream);
    if (known === undefined || row.window_s < known.window_s) shortest.set(stream, row);
  }
  return [...shortest.values()]
    .filter(({ rate, bad }) => rate !== null && rate >= burnRateMin && bad >= badMin)
    .map(({ signal, service }) => signalOfService(signal, service));
}

/**
 * Counts are of bad events; where more is better, the limit is held against the part that was good.
 */
function isPastLimit({ limit, value, bad, total, direction }: Signal): boolean {
  if (limit === undefined) return false;
  const moreIsBetter = direction === "higher_better";
  const observed = value ?? ratioOf(moreIsBetter, bad, total);
  if (observed === undefined) return false;
  return moreIsBetter ? observed < limit : observed > limit;
}

function ratioOf(good: boolean, bad?: number, total?: number): number | undefined {
  if (bad === undefined || total === undefined || total === 0) return undefined;
  return (good ? total - bad : bad) / total;
}
