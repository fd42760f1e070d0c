/**
 * @module Levers: the observed values of a request that a reason rests on, and which way each would
 * have to move. A finding quotes derived numbers too; what was measured is behind them, and only
 * that can be otherwise by itself.
 */

import type { Evidence, Reason } from "../decision.ts";
import { findAtPointer, replaceAtPointer } from "../json-pointer.ts";
import type { NormalisedInput } from "../normalise.ts";
import type { Signal } from "../request.ts";

export interface Lever {
  /** JSON Pointer into the normalised input. */
  readonly path: string;
  readonly from: number | string | boolean;
  /**
   * How far it may be moved: towards this number, or to this value at once. Nothing is said of what
   * lies between `from` and a value that is no number.
   */
  readonly to: number | string | boolean;
  /** Whether only whole numbers make sense. */
  readonly isWhole: boolean;
  /** Index of the signal all of whose bad events move with it. */
  readonly signal?: number;
}

/** One for each measured value, in the order of the evidence. */
export function findLevers(input: NormalisedInput, { evidence }: Reason): Lever[] {
  const levers = new Map<string, Lever>();
  for (const item of evidence) {
    const lever = leverOf(input, item);
    if (lever !== undefined && lever.from !== lever.to && !levers.has(lever.path)) {
      levers.set(lever.path, lever);
    }
  }
  return [...levers.values()];
}

function leverOf(input: NormalisedInput, evidence: Evidence): Lever | undefined {
  const [, section, list, index, member = ""] = evidence.path.split("/");
  if (section !== "derived") return directLever(input, evidence);
  if (list === "burn") return burnLever(input, Number(index), member, evidence);
  if (list === "compare") return compareLever(input, Number(index), member, evidence);
  return undefined;
}

/** A value of the request itself: what was found true has to become false. */
function directLever(input: NormalisedInput, evidence: Evidence): Lever | undefined {
  const { path, op, threshold } = evidence;
  const from = findAtPointer(input, path);
  if (typeof from === "boolean") {
    return op === "==" || op === "!=" ? { path, from, to: !from, isWhole: false } : undefined;
  }
  if (typeof from === "string") {
    const isOther = op === "!=" && typeof threshold === "string";
    return isOther ? { path, from, to: threshold, isWhole: false } : undefined;
  }
  if (typeof from !== "number" || typeof threshold !== "number") return undefined;
  const isWhole = Number.isInteger(from) && Number.isInteger(threshold);
  const to = nearestOther(op, threshold, isWhole);
  return to === undefined ? undefined : { path, from, to, isWhole };
}

/** The number nearest to `threshold` for which `number op threshold` does not hold. */
function nearestOther(op: Evidence["op"], threshold: number, isWhole: boolean): number | undefined {
  const step = isWhole ? 1 : Math.max(Math.abs(threshold), 1e-6) * 1e-6;
  switch (op) {
    case ">":
    case "<":
    case "!=":
      return threshold;
    case ">=":
      return threshold - step;
    case "<=":
      return threshold + step;
    case "==":
      return undefined;
  }
}

/** Of a burn rate the bad events behind it, and of its size all of them. */
function burnLever(
  input: NormalisedInput,
  index: number,
  member: string,
  evidence: Evidence,
): Lever | undefined {
  const row = input.derived.burn[index];
  if (row === undefined) return undefined;
  const at = findSignal(input, row.signal, row.service, row.population);
  const windows = input.health.signals[at]?.windows ?? [];
  const place = windows.findIndex((window) => window.window_s === row.window_s);
  const window = windows[place];
  if (window === undefined) return undefined;
  const path = `/health/signals/${at}/windows/${place}`;
  return member === "total"
    ? sizeLever(path, window.total, evidence)
    : badLever(input, at, { path, bad: window.bad });
}

function compareLever(
  input: NormalisedInput,
  index: number,
  member: string,
  evidence: Evidence,
): Lever | undefined {
  const row = input.derived.compare[index];
  if (row === undefined) return undefined;
  const isBaseline = member.endsWith("_baseline");
  const population = isBaseline ? row.population_baseline : "candidate";
  const at = findSignal(input, row.signal, row.service, population);
  const { bad, total } = input.health.signals[at] ?? {};
  if (bad === undefined || total === undefined) return undefined;
  const path = `/health/signals/${at}`;
  if (member.startsWith("n_")) return sizeLever(path, total, evidence);
  // More bad events of the baseline would excuse the candidate; nobody wishes for them.
  return isBaseline ? undefined : badLever(input, at, { path, bad });
}

/** As many events as were asked for, where there were too few. */
function sizeLever(path: string, total: number, { op, threshold }: Evidence): Lever | undefined {
  if (typeof threshold !== "number" || !op.startsWith("<")) return undefined;
  const to = Math.ceil(threshold) + (op === "<=" ? 1 : 0);
  return { path: `${path}/total`, from: total, to, isWhole: true };
}

/**
 * Fewer bad events of a signal. Its count and those of its windows are one measurement, so all of
 * them move in proportion; the signal's own count names it where it has one.
 */
function badLever(
  { health }: NormalisedInput,
  at: number,
  counted: { readonly path: string; readonly bad: number },
): Lever | undefined {
  const signal = health.signals[at];
  if (signal === undefined) return undefined;
  const own =
    signal.bad === undefined ? counted : { path: `/health/signals/${at}`, bad: signal.bad };
  return { path: `${own.path}/bad`, from: own.bad, to: 0, isWhole: true, signal: at };
}

/** The input with the lever at `value`, and nothing derived from it anew. */
export function moveLever(
  input: NormalisedInput,
  lever: Lever,
  value: Lever["to"],
): NormalisedInput {
  const { path, from, signal: at } = lever;
  if (at === undefined) return replaceAtPointer(input, path, value);
  const signal = input.health.signals[at];
  if (signal === undefined || typeof from !== "number" || typeof value !== "number") return input;
  const share = value / from;
  const moved: Signal = {
    ...signal,
    ...(signal.bad === undefined ? {} : { bad: Math.round(signal.bad * share) }),
    ...(signal.windows === undefined
      ? {}
      : {
          windows: signal.windows.map((window) => ({
            ...window,
            bad: Math.round(window.bad * share),
          })),
        }),
  };
  return { ...input, health: { ...input.health, signals: input.health.signals.with(at, moved) } };
}

function findSignal(
  { health }: NormalisedInput,
  id: string,
  service: string,
  population: Signal["population"],
): number {
  return health.signals.findIndex(
    (signal) => signal.id === id && signal.service === service && signal.population === population,
  );
}
