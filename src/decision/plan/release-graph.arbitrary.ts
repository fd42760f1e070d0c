/** @module Releases of several services with all that surrounds them: for the tests of the planner. */

import * as fc from "fast-check";
import type { Advice } from "../answer.ts";
import { type NormalisedInput, normaliseInput } from "../normalise.ts";
import { arbitraryNowMs as nowMs } from "../request.arbitrary.ts";
import { parseRequest } from "../request.ts";
import type { Counsel } from "./route.ts";

type Wire = Record<string, unknown>;

/** Undefined where the request is none. */
export function tryNormalise(raw: unknown, atMs = nowMs): NormalisedInput | undefined {
  const parsed = parseRequest(raw, { nowMs: atMs, skewMs: 60_000 });
  if (!parsed.ok) return undefined;
  const caller = { subject: "ci", auth: "none" };
  return normaliseInput(parsed.request, { id: "decision-1", nowMs: atMs, caller, history: {} });
}

export function normalise(raw: unknown, atMs = nowMs): NormalisedInput {
  const input = tryNormalise(raw, atMs);
  if (input === undefined) throw new Error(`not a request: ${JSON.stringify(raw)}`);
  return input;
}

function partly(model: { [key: string]: fc.Arbitrary<unknown> }, required: string[]) {
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Wire>;
}

const name = fc.constantFrom("a", "b", "c", "d", "e");
const version = fc.constantFrom("1.0.0", "1.9.0", "2.0.0", "2.1.0", "green");
const pastMs = fc.integer({ min: nowMs - 10_000_000, max: nowMs });
const settings = fc.array(
  partly({ key: fc.constantFrom("k", "l"), from: version, to: version }, ["key"]),
  { maxLength: 2 },
);
const strategy = fc.constantFrom("canary", "bluegreen", "rolling", "flag", "config", "database");

function component(service: fc.Arbitrary<string>): fc.Arbitrary<Wire> {
  return partly(
    {
      service,
      candidate: fc.constant({ version: "2.0.0" }),
      stable: partly({ version }, []),
      strategy,
      config_diff: settings,
    },
    ["service", "candidate"],
  );
}

const release = fc
  .tuple(
    component(fc.constant("a")),
    partly(
      {
        components: fc.uniqueArray(component(name), {
          selector: (one) => one["service"],
          maxLength: 6,
        }),
      },
      [],
    ),
  )
  .map(([own, rest]): Wire => ({ ...own, ...rest }));

const edge = partly(
  {
    from: name,
    to: fc.oneof(name, fc.constant("z")),
    kind: fc.constantFrom("sync", "async", "data"),
    compat: fc.constantFrom("both", "forward", "backward", "none"),
  },
  ["from", "to", "kind"],
);

const flag = partly(
  {
    key: fc.constantFrom("f", "g", "h"),
    variant: fc.constantFrom("on", "off"),
    safe_variant: fc.constant("off"),
    kill_switch: fc.boolean(),
    covers_release: fc.boolean(),
    exposure_ratio: fc.constantFrom(0, 0.5, 1),
    reachable: fc.boolean(),
    service: name,
    guards_migration: fc.constantFrom("m0", "m1", "m9"),
  },
  ["key"],
);

const migration = partly(
  {
    id: fc.constantFrom("m0", "m1", "m2", "m3"),
    state: fc.constantFrom("pending", "running", "applied", "applied", "applied", "failed"),
    phase: fc.constantFrom("expand", "backfill", "switch", "contract"),
    reversible: fc.constantFrom("yes", "yes", "lossy", "no"),
    store: fc.constantFrom("s", "t"),
    service: name,
    readers: fc.array(name, { maxLength: 3 }),
    app_min: version,
    app_max: version,
    applied_at_ms: pastMs,
    rpo_s: fc.constantFrom(60, 3_600, 1e6),
    backup: partly(
      { at_ms: pastMs, verified: fc.boolean(), immutable: fc.boolean(), restore_s: fc.nat(100) },
      [],
    ),
  },
  ["id", "state"],
);

function unique(arbitrary: fc.Arbitrary<Wire>, key: string) {
  return fc.uniqueArray(arbitrary, { selector: (one) => one[key], maxLength: 4 });
}

const ofService = { service: name, readable_by_stable: fc.boolean() };
const integrity = partly(
  {
    unreadable_by_stable: fc.nat(2),
    queues: unique(
      partly({ id: fc.constantFrom("q", "r"), ...ofService }, ["id", "service"]),
      "id",
    ),
    caches: unique(
      partly({ id: fc.constantFrom("c", "d"), ...ofService }, ["id", "service"]),
      "id",
    ),
    compensations: unique(
      partly({ id: fc.constant("refund"), service: name, reversible: fc.boolean() }, [
        "id",
        "service",
      ]),
      "id",
    ),
  },
  [],
);

const health = {
  signals: [
    { id: "errors", sli: "availability", bad: 30, total: 1_000 },
    { id: "errors", sli: "availability", population: "stable", bad: 90, total: 9_000 },
    { id: "late", sli: "latency", service: "b", windows: [{ window_s: 60, bad: 3, total: 99 }] },
  ],
  slos: [{ id: "late", signal: "late", objective_ratio: 0.99 }],
};

/** As they come over the wire, from a release alone to all that the planner reads. */
export const arbitraryReleaseGraph: fc.Arbitrary<Wire> = fc
  .tuple(
    release,
    partly(
      {
        health: fc.constant(health),
        topology: partly(
          {
            nodes: fc.array(fc.record({ service: name }), { maxLength: 3 }),
            edges: fc.array(edge, { maxLength: 8 }),
            deploy_order: fc.array(name, { maxLength: 5 }),
          },
          [],
        ),
        flags: unique(flag, "key"),
        migrations: unique(migration, "id"),
        data_integrity: integrity,
        environment: partly({ gitops: partly({ auto_sync: fc.boolean() }, []) }, []),
      },
      [],
    ),
  )
  .map(([own, rest]) => ({ release: own, ...rest }));

const place = fc.constantFrom(
  "/migrations/0/state",
  "/migrations/1/reversible",
  "/flags/0/key",
  "/data_integrity/queues/0",
  "/data_integrity/caches/0/service",
  "/data_integrity/compensations/0",
  "/release/stable/version",
  "/derived/burn/0",
);
const policy = fc.constant("p");

const advice: fc.Arbitrary<Advice> = fc.oneof(
  fc.record({ act: fc.constant("flag_off"), policy, flag: fc.constantFrom("f", "g") }),
  fc.record({ act: fc.constant("target"), policy, service: name, version }),
  fc.record({
    act: fc.constantFrom("include", "exclude"),
    policy,
    service: fc.oneof(name, fc.constant("z")),
    why: fc.constant("so it is"),
  }),
);

export const arbitraryCounsel: fc.Arbitrary<Counsel> = fc.record({
  unsafe: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    fc.uniqueArray(
      fc.record({ line: fc.constantFrom("u1", "u2"), places: fc.array(place, { maxLength: 2 }) }),
      { selector: ({ line }) => line, maxLength: 2 },
    ),
  ),
  onHold: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.constant(["h1"])),
  advice: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(advice, { maxLength: 3 })),
});
