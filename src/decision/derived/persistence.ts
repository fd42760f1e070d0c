/**
 * @module Persistence and flapping: whether a breach stands, comes and goes, or is there for the
 * first time, by the earlier checks of the same release that are on record.
 */

import type { DecisionRequest, History } from "../request.ts";
import { isCritical } from "../signal-criticality.ts";
import { isOfRelease, signalOfService } from "../signal-identity.ts";
import type { Breach } from "./breach.ts";
import { roundDerived } from "./round.ts";

/** One signal that is in breach now, or was in an earlier check of the window. */
export type PersistenceRow = {
  readonly signal: string;
  readonly service: string;
  /** False also where the signal is no longer among those of the request. */
  readonly critical: boolean;
  /** Whether it is in breach now. */
  readonly breached: boolean;
  /** Checks in a row up to this one in which it was in breach; 0 when it is not now. */
  readonly consecutive: number;
  /** Checks of the window in which it was in breach, this one included; 1 .. `checks`. */
  readonly breaches: number;
  /** Checks of the window, this one included. */
  readonly checks: number;
  /** Seconds from the oldest check of the consecutive ones to now; 0 where `consecutive` < 2. */
  readonly span_s: number;
  readonly window_s: number;
};

/** How often it went from some signal in breach to none, or back. */
export type Flap = {
  /** 0 .. `checks` - 1. */
  readonly state_changes: number;
  /** Checks of the window, this one included. */
  readonly checks: number;
  readonly window_s: number;
};

/** Earlier checks count for an hour: what was before belongs to another stage of the roll-out. */
const windowS = 3_600;

interface Check {
  readonly at_ms: number;
  readonly breached: readonly Breach[];
}

/** The checks of the window, oldest first, and this one last. A check is as old as the clock says. */
export function listChecks(history: History, now: Check): Check[] {
  const earlier = (history.checks ?? [])
    .filter(({ at_ms }) => at_ms >= now.at_ms - windowS * 1_000)
    .toSorted((one, other) => one.at_ms - other.at_ms);
  return [...earlier, now];
}

/** Rows in the order in which the signals first were in breach. `checks` as `listChecks` has them. */
export function derivePersistence(
  request: DecisionRequest,
  checks: readonly Check[],
): PersistenceRow[] {
  const runs = new Map<string, Run>();
  for (const [index, { breached }] of checks.entries()) {
    for (const breach of breached) {
      const key = signalOfService(breach.signal, breach.service);
      const run = runs.get(key) ?? { breach, breaches: 0, first: index, last: -1 };
      if (run.last === index) continue;
      if (run.last !== index - 1) run.first = index;
      run.last = index;
      run.breaches += 1;
      runs.set(key, run);
    }
  }
  if (runs.size === 0) return [];
  const critical = listCritical(request);
  return [...runs].map(([key, run]) => describe(run, checks, critical.has(key)));
}

/** Consecutive checks in breach, the latest such run of a signal, by their indexes. */
interface Run {
  readonly breach: Breach;
  breaches: number;
  first: number;
  last: number;
}

function describe(run: Run, checks: readonly Check[], critical: boolean): PersistenceRow {
  const breached = run.last === checks.length - 1;
  const consecutive = breached ? run.last - run.first + 1 : 0;
  const nowMs = checks.at(-1)?.at_ms ?? 0;
  const sinceMs = checks[run.first]?.at_ms ?? nowMs;
  return {
    signal: run.breach.signal,
    service: run.breach.service,
    critical,
    breached,
    consecutive,
    breaches: run.breaches,
    checks: checks.length,
    // A clock that was set back has checks in its future; no time has passed since those.
    span_s: consecutive < 2 ? 0 : roundDerived(Math.max(0, nowMs - sinceMs) / 1_000),
    window_s: windowS,
  };
}

function listCritical(request: DecisionRequest): Set<string> {
  const judged = request.health.signals.filter(
    (signal) => isCritical(signal) && isOfRelease(signal),
  );
  return new Set(judged.map(({ id, service }) => signalOfService(id, service)));
}

/** `checks` as `listChecks` has them. */
export function deriveFlap(checks: readonly Check[]): Flap {
  let changes = 0;
  for (const [index, check] of checks.entries()) {
    const before = checks[index - 1];
    if (before === undefined) continue;
    if (before.breached.length > 0 !== check.breached.length > 0) changes += 1;
  }
  return { state_changes: changes, checks: checks.length, window_s: windowS };
}
