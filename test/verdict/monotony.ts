/**
 * @module Worse health never earns an `allow`: what the release itself shows gets worse, or what was
 * judged is lost. Within its grace a release that has just begun may lack evidence, so the requests
 * are of releases that are past it; and only what the release shows can be made worse: a baseline
 * that fails as often is an excuse, which the policy `common_cause` looks at.
 */

import * as fc from "fast-check";
import { expect } from "vitest";
import { loseSignal, nowMs, plausibleRequest } from "./plausible-request.arbitrary.ts";
import { anyRequest, decide, type Wire } from "./totality.ts";

const pastEveryGraceMs = 3_600_000;
const statuses = ["no_data", "nan", "stale", "error"] as const;

interface Change {
  readonly pick: number;
  readonly more: number;
  readonly status: (typeof statuses)[number] | "worse";
}

const change: fc.Arbitrary<Change> = fc.record({
  pick: fc.nat(20),
  more: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
  status: fc.constantFrom("worse", "worse", "worse", ...statuses),
});

/** How many requests were not allowed before, for each kind of change. */
export function checkMonotony(numRuns: number, seed: number): Map<string, number> {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyRequest, change, (raw, { pick, more, status }) => {
      const before = pastGrace(raw);
      const signals = signalsOf(before);
      const signal = signals[pick % Math.max(1, signals.length)];
      if (signal === undefined) return;
      const changed = status === "worse" ? worsen(signal, more) : loseSignal(signal, status);
      if (changed === undefined || decide(before).decision.verdict === "allow") return;
      seen.set(status, (seen.get(status) ?? 0) + 1);
      const after = {
        ...before,
        health: { ...healthOf(before), signals: signals.with(signals.indexOf(signal), changed) },
      };
      expect(decide(after).decision.verdict).not.toBe("allow");
    }),
    { numRuns, seed },
  );
  return seen;
}

/** A service of which the settings of the default pack expect two signals. */
const expecting = { service: "example-shop", signals: ["http-errors", "orders-total"] } as const;

/** How many requests were not allowed before a signal that is expected was left out. */
export function checkExpected(numRuns: number, seed: number): number {
  let seen = 0;
  fc.assert(
    fc.property(plausibleRequest, fc.constantFrom(...expecting.signals), (raw, leftOut) => {
      const before = pastGrace(withExpected(raw));
      if (decide(before).decision.verdict === "allow") return;
      seen += 1;
      const signals = signalsOf(before).filter(({ id }) => id !== leftOut);
      const slos = (healthOf(before)["slos"] as Wire[]).filter(({ signal }) => signal !== leftOut);
      const after = { ...before, health: { ...healthOf(before), signals, slos } };
      expect(decide(after).decision.verdict).not.toBe("allow");
    }),
    { numRuns, seed },
  );
  return seen;
}

/** The same of that service, with the signals that are expected of it. */
function withExpected(raw: Wire): Wire {
  const rename = (signal: Wire): Wire => ({
    ...signal,
    ...(signal["id"] === "errors" ? { id: expecting.signals[0] } : {}),
    ...(signal["service"] === "checkout" ? { service: expecting.service } : {}),
  });
  const own = signalsOf(raw).map(rename);
  const orders = { id: expecting.signals[1], sli: "business", value: 100 };
  const errors = { id: expecting.signals[0], sli: "availability", service: "web", value: 1 };
  const hasErrors = own.some(({ id }) => id === errors.id);
  const slos = ((healthOf(raw)["slos"] as Wire[] | undefined) ?? []).map((slo) => ({
    ...slo,
    ...(slo["signal"] === "errors" ? { signal: errors.id } : {}),
  }));
  return {
    ...raw,
    release: { ...(raw["release"] as Wire), service: expecting.service },
    health: { signals: [...own, orders, ...(hasErrors ? [] : [errors])], slos },
  };
}

function pastGrace(raw: Wire): Wire {
  const { exposed_since_ms: exposed, ...release } = raw["release"] as Wire;
  const since = Math.min((exposed as number | undefined) ?? 0, nowMs - pastEveryGraceMs);
  return {
    ...raw,
    release: {
      ...release,
      ...(exposed === undefined ? {} : { exposed_since_ms: Math.max(since, 946_684_800_000) }),
    },
  };
}

function healthOf(raw: Wire): Wire {
  return (raw["health"] as Wire | undefined) ?? {};
}

function signalsOf(raw: Wire): Wire[] {
  return (healthOf(raw)["signals"] as Wire[] | undefined) ?? [];
}

/** Undefined for what another version shows, and where there is nothing to count. */
function worsen(signal: Wire, share: number): Wire | undefined {
  const population = signal["population"] ?? "candidate";
  if (population !== "candidate" && population !== "fleet") return undefined;
  const { bad, total } = signal as { bad?: number; total?: number };
  if (bad === undefined || total === undefined) return undefined;
  const windows = signal["windows"] as { bad: number; total: number }[] | undefined;
  return {
    ...signal,
    bad: worse(bad, total, share),
    ...(windows === undefined
      ? {}
      : { windows: windows.map((one) => ({ ...one, bad: worse(one.bad, one.total, share) })) }),
  };
}

function worse(bad: number, total: number, share: number): number {
  return bad + Math.floor((total - bad) * share);
}
