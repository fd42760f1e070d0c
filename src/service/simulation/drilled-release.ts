/** @module One release of a drill as it goes on: its request as it is by now, its latest answers. */

import type { JsonObject, JsonValue } from "../../base/json.ts";
import type { Decision } from "../../decision/decision.ts";
import type { DrillEvent } from "./drill.ts";
import { isObject, listOf, objectOf, textOf } from "./loose-json.ts";
import { mergePatch } from "./merge-patch.ts";
import { placeInTime } from "./moment.ts";

/** Signals that cannot be read for a while. */
export type Outage = NonNullable<DrillEvent["outage"]>;

export class DrilledRelease {
  readonly #startMs: number;
  #parts: JsonObject;
  /** Latest first. */
  readonly #decisions: Decision[] = [];

  constructor(parts: JsonObject, startMs: number) {
    this.#parts = parts;
    this.#startMs = startMs;
  }

  /** What changes with `event`, from now on. */
  change({ health, set }: Pick<DrillEvent, "health" | "set">): void {
    if (set !== undefined) this.#parts = mergePatch(this.#parts, set) as JsonObject;
    if (health === undefined) return;
    const before = objectOf(this.#parts["health"]);
    this.#parts = { ...this.#parts, health: { ...before, ...health } };
  }

  /** The latest answer; undefined before the first. */
  get latest(): Decision | undefined {
    return this.#decisions[0];
  }

  /** The latest answer that has a plan; undefined where none has. */
  get planned(): Decision | undefined {
    return this.#decisions.find(({ plan }) => plan !== undefined);
  }

  decided(decision: Decision): void {
    this.#decisions.unshift(decision);
  }

  /** The request as it is asked at `nowMs`. */
  requestAt(nowMs: number, question: string, outages: readonly Outage[]): JsonObject {
    const asked = { ...objectOf(this.#parts["request"]), question };
    const placed = this.#place({ ...this.#parts, request: asked }, nowMs) as JsonObject;
    return outages.reduce(cutOff, placed);
  }

  healthAt(nowMs: number, outages: readonly Outage[]): JsonValue {
    return this.requestAt(nowMs, "verify", outages)["health"] ?? {};
  }

  #place(value: JsonValue, nowMs: number): JsonValue {
    const planId = this.planned?.plan?.plan_id;
    return placeInTime(value, { startMs: this.#startMs, nowMs, planId });
  }
}

/** `request` with the signals of `outage` as a provider answers them that does not answer. */
function cutOff(request: JsonObject, outage: Outage): JsonObject {
  const health = objectOf(request["health"]);
  const signals = listOf(health["signals"]).map((signal) =>
    isObject(signal) && isAffected(signal, outage) ? silence(signal, outage.status) : signal,
  );
  const changed = { ...request, health: { ...health, signals } };
  if (outage.provider === undefined) return changed;
  const environment = objectOf(request["environment"]);
  const others = listOf(environment["providers"]).filter(
    (one) => textOf(objectOf(one)["id"]) !== outage.provider,
  );
  const providers = [...others, { id: outage.provider, status: "down" }];
  return { ...changed, environment: { ...environment, providers } };
}

function isAffected(signal: JsonObject, { signals, provider }: Outage): boolean {
  return signals === undefined
    ? objectOf(signal["source"])["provider"] === provider
    : signals.includes(textOf(signal["id"]));
}

function silence(signal: JsonObject, status: Outage["status"]): JsonObject {
  if (status === "stale") return { ...signal, status };
  const { value: _value, bad: _bad, total: _total, n: _n, ...rest } = signal;
  const { windows: _windows, series: _series, ...silent } = rest;
  return { ...silent, status };
}
