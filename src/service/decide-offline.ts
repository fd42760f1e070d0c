/** @module Deciding without a record: what `belay decide` and `belay explain -i` do with a file. */

import { createId } from "../base/id.ts";
import { normaliseInput } from "../decision/normalise.ts";
import { defaultSkewMs } from "../decision/request/future-times.ts";
import { acceptRequest } from "./accept-request.ts";
import type { Decided, Engine } from "./engine.ts";

/**
 * Decides `raw`, a request from outside. The clock is the request's own `now_ms`, so that a file
 * gives the same verdict on any day; `nowMs` only where it has none. The record is not asked: there
 * is no history.
 * @throws BelayError `invalid-request`, `clock-skew`, `input-too-large`, `mapping-not-found`
 */
export function decideOffline(engine: Engine, raw: unknown, nowMs: number): Decided {
  const clockMs = claimedNowMs(raw) ?? nowMs;
  const request = acceptRequest(raw, engine, { nowMs: clockMs, skewMs: defaultSkewMs });
  const id = request.request.id ?? createId(clockMs);
  const caller = { subject: "belay decide", auth: "cli" };
  return engine.decide(normaliseInput(request, { id, nowMs: clockMs, caller, history: {} }));
}

/** Read before the request is parsed, because parsing needs a clock. */
function claimedNowMs(raw: unknown): number | undefined {
  const asking = member(raw, "request");
  const nowMs = member(asking, "now_ms");
  return Number.isSafeInteger(nowMs) ? (nowMs as number) : undefined;
}

function member(value: unknown, key: string): unknown {
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return isObject ? (value as Record<string, unknown>)[key] : undefined;
}
