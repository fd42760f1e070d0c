/**
 * @module Requests as gates send them: signals whose numbers lie around the limits of the policies,
 * with baselines, objectives and surroundings. Arbitrary valid requests seldom come near a verdict.
 */

import * as fc from "fast-check";

export const nowMs = 1_767_225_600_000;

type Wire = Record<string, unknown>;

const statuses = ["no_data", "nan", "stale", "partial", "error"] as const;
const slis = ["availability", "latency", "correctness", "log_class", "saturation"] as const;
const digests = ["a", "b", "c"].map((letter) => `sha256:${letter.repeat(64)}`);
/** Within the grace of the policies as often as past it. */
const minutes = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 600 }));

/**
 * Ratios of bad events from none to most of them, denser where it matters. Not doubles: of those that
 * are drawn, most are next to nothing.
 */
const badRatio = fc.oneof(
  fc.constantFrom(0, 0, 0.0005, 0.001, 0.01),
  fc.integer({ min: 0, max: 50 }).map((thousandths) => thousandths / 1_000),
  fc.integer({ min: 0, max: 60 }).map((hundredths) => hundredths / 100),
);
const total = fc.constantFrom(0, 1, 10, 50, 100, 400, 1_000, 9_000, 100_000);

function countsOf(ratio: number, of: number): { bad: number; total: number } {
  return { bad: Math.min(of, Math.round(ratio * of)), total: of };
}

const windowSets = [[300, 3_600], [300, 3_600, 1_800, 21_600], [300], []];

/** Seldom there: what surrounds a release mostly asks for a human when it is. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const signalPair = fc
  .record({
    id: fc.constantFrom("errors", "latency", "orders", "exceptions"),
    sli: fc.constantFrom(...slis),
    service: fc.constantFrom("checkout", "web"),
    own: fc.constantFrom("candidate", "candidate", "fleet"),
    ratio: badRatio,
    of: total,
    baseline: fc.option(
      fc.record({ ratio: badRatio, of: total, kind: fc.constantFrom("stable", "baseline") }),
    ),
    windows: fc.constantFrom(...windowSets),
    windowRatio: badRatio,
    critical: seldom(fc.boolean()),
    limit: seldom(fc.constantFrom(0.001, 0.05, 0.5)),
    lost: seldom(fc.constantFrom(...statuses)),
    ageS: seldom(fc.constantFrom(10, 299, 301, 4_000)),
  })
  .map((one): Wire[] => {
    const common = {
      id: one.id,
      sli: one.sli,
      service: one.service,
      ...(one.critical === undefined ? {} : { critical: one.critical }),
      ...(one.limit === undefined ? {} : { limit: one.limit }),
      ...(one.ageS === undefined ? {} : { age_s: one.ageS }),
    };
    const windows = one.windows.map((window_s) => ({
      window_s,
      ...countsOf(one.windowRatio, Math.round((one.of * window_s) / 3_600)),
    }));
    const own = {
      ...common,
      population: one.own,
      ...countsOf(one.ratio, one.of),
      ...(windows.length === 0 ? {} : { windows }),
    };
    const { baseline, lost } = one;
    const told = lost === undefined ? own : loseSignal(own, lost);
    return baseline === null
      ? [told]
      : [told, { ...common, population: baseline.kind, ...countsOf(baseline.ratio, baseline.of) }];
  });

/** The same signal, as it is sent when it cannot be judged any more. */
export function loseSignal(signal: Wire, status: (typeof statuses)[number]): Wire {
  if (status === "stale" || status === "partial") return { ...signal, status };
  const measured = new Set(["bad", "total", "windows", "value", "series"]);
  const kept = Object.entries(signal).filter(([key]) => !measured.has(key));
  return { ...Object.fromEntries(kept), status };
}

const signals = fc
  .array(signalPair, { maxLength: 4 })
  .map((pairs) => pairs.flat())
  .map((list) => {
    const seen = new Map<string, Wire>();
    for (const signal of list) {
      const key = [signal["id"], signal["service"], signal["population"]].join(" ");
      if (!seen.has(key)) seen.set(key, signal);
    }
    return [...seen.values()];
  });

const surroundings = fc.record({
  question: fc.constantFrom("continue", "continue", "promote", "verify"),
  exposedMin: fc.option(minutes, { nil: undefined, freq: 3 }),
  tier: seldom(fc.nat(3)),
  stable: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Wire>({ version: "1.9.0" }) },
    {
      weight: 1,
      arbitrary: fc.record({
        version: fc.constantFrom("1.9.0", "2.0.0-rc1"),
        digest: fc.constantFrom(...digests),
        known_good: fc.boolean(),
        startable: fc.constantFrom("yes", "no", "unknown"),
      }),
    },
  ),
  migrations: seldom(
    fc.array(
      fc.record({
        phase: fc.constantFrom("expand", "backfill", "switch", "contract"),
        state: fc.constantFrom("pending", "running", "applied", "failed"),
        reversible: fc.constantFrom("yes", "lossy", "no"),
      }),
      { maxLength: 2 },
    ),
  ),
  flags: seldom(
    fc.record({
      kill_switch: fc.boolean(),
      covers_release: fc.boolean(),
      changedMin: minutes,
      exposure_ratio: fc.constantFrom(0, 0.5, 1),
    }),
  ),
  edges: seldom(
    fc.array(
      fc.record({
        from: fc.constantFrom("web", "checkout"),
        to: fc.constantFrom("checkout", "ledger"),
        kind: fc.constantFrom("sync", "async", "data"),
        compat: fc.constantFrom("both", "forward", "backward", "none"),
      }),
      { maxLength: 2 },
    ),
  ),
  approvals: seldom(
    fc.record({
      needed: fc.nat(2),
      given: fc.boolean(),
      expiresMin: fc.integer({ min: -5, max: 60 }),
    }),
  ),
  freeze: seldom(fc.boolean()),
  provider: seldom(fc.constantFrom("ok", "degraded", "down")),
  claimed: seldom(fc.constantFrom(...digests)),
});

type Surroundings = typeof surroundings extends fc.Arbitrary<infer T> ? T : never;

/** What is sent over the wire; always valid. */
export const plausibleRequest: fc.Arbitrary<Wire> = fc
  .tuple(signals, surroundings, fc.constantFrom(0.99, 0.999, 1))
  .map(([list, around, objective]) => {
    const signal = list[0]?.["id"];
    const slos =
      signal === undefined ? {} : { slos: [{ id: "slo", signal, objective_ratio: objective }] };
    return {
      request: { question: around.question, now_ms: nowMs },
      release: releaseOf(around),
      health: { signals: list, ...slos },
      ...changesOf(around),
      ...(around.edges === undefined ? {} : { topology: { edges: around.edges } }),
      ...approvalsOf(around),
      environment: environmentOf(around),
    };
  });

function releaseOf({ stable, tier, exposedMin }: Surroundings): Wire {
  return {
    service: "checkout",
    env: "production",
    candidate: { version: "2.0.0", digest: digests[0] },
    stable,
    ...(tier === undefined ? {} : { tier }),
    ...(exposedMin === undefined ? {} : { exposed_since_ms: nowMs - exposedMin * 60_000 }),
  };
}

function changesOf({ migrations, flags }: Surroundings): Wire {
  const named = migrations?.map((one, at) => ({ id: `m${at}`, ...one }));
  if (flags === undefined) return named === undefined ? {} : { migrations: named };
  const { changedMin, ...flag } = flags;
  const beta = { key: "beta", ...flag, changed_at_ms: nowMs - changedMin * 60_000 };
  return { ...(named === undefined ? {} : { migrations: named }), flags: [beta] };
}

function approvalsOf({ approvals }: Surroundings): Wire {
  if (approvals === undefined) return {};
  const { needed, given, expiresMin } = approvals;
  const approval = {
    role: "sre",
    subject: "ann",
    verdict: "approve",
    at_ms: nowMs - 600_000,
    expires_ms: nowMs + expiresMin * 60_000,
  };
  return {
    approvals: { required: [{ role: "sre", count: needed }], given: given ? [approval] : [] },
  };
}

function environmentOf({ freeze, provider }: Surroundings): Wire {
  const now = { id: "f", start_ms: nowMs - 1_000, end_ms: nowMs + 1_000 };
  return {
    ...(freeze === undefined ? {} : { freezes: [{ ...now, allow_rollback: freeze }] }),
    ...(provider === undefined ? {} : { providers: [{ id: "prometheus", status: provider }] }),
  };
}
