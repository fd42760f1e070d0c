/** @module Valid requests of all shapes, as they come over the wire: for property tests. */

import * as fc from "fast-check";
import { findJsonViolation } from "./json-violation.ts";
import { id as idSchema } from "./request/field.ts";
import { signalSchema } from "./request/health.ts";
import { decisionRequestSchema } from "./request.ts";

/** The clock against which the generated requests are valid. */
export const arbitraryNowMs = 1_767_225_600_000;

type Wire = Record<string, unknown>;

/** Only `required` is always there: every combination of the others comes up. */
function partly<T extends Wire>(
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  required: (keyof T)[] = [],
): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: required as never[] }) as fc.Arbitrary<Partial<T>>;
}

const id = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("checkout", "web", "errors", "latency", "a/b~c", "0") },
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => text.isWellFormed() && idSchema.safeParse(text).success),
);
const pastMs = fc.integer({ min: 946_684_800_000, max: arbitraryNowMs });
const anyMs = fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 });
const ratio = fc.oneof(
  fc.constantFrom(0, 1, 0.5, 0.999, 0.999_999, 1 - Number.EPSILON / 2, 5e-324),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const durationS = fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e9, noNaN: true }));
const count = fc.oneof(fc.nat(20), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** `bad <= total`, at every scale. */
const counts = fc
  .tuple(count, count)
  .map(([one, other]) => ({ bad: Math.min(one, other), total: Math.max(one, other) }));

const windows = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(1, 300, 1_800, 3_600, 21_600, 86_400.5), counts)
    .map(([window_s, pair]) => ({ window_s, ...pair })),
  { selector: (window) => window.window_s, minLength: 1, maxLength: 5 },
);

const series = fc
  .array(fc.record({ t_ms: pastMs, v: fc.option(number) }), { maxLength: 5 })
  .map((points) => [...points, { t_ms: arbitraryNowMs, v: 0 }]);

const evidence = fc
  .oneof(
    fc.record({ value: number }),
    counts,
    counts.chain((pair) => fc.record({ value: fc.option(number) }).map((v) => ({ ...pair, ...v }))),
    fc.record({ windows }),
    fc.record({ series }),
    fc.tuple(counts, windows).map(([pair, list]) => ({ ...pair, windows: list })),
  )
  .chain((found) =>
    partly<Wire>({ status: fc.constantFrom("ok", "stale", "partial") }).map((status) => ({
      ...found,
      ...status,
    })),
  );

const silence = partly<Wire>({
  status: fc.constantFrom("no_data", "nan", "error"),
  value: fc.constant(null),
  windows: fc.constant([]),
});

const signal = fc
  .tuple(
    partly<Wire>(
      {
        id: fc.oneof(fc.constantFrom("errors", "latency"), id),
        sli: fc.constantFrom(...signalSchema.shape.sli.options),
        service: fc.constantFrom("checkout", "web"),
        population: fc.constantFrom("candidate", "baseline", "stable", "fleet"),
        unit: fc.constantFrom("ratio", "ms", "s", "rps", "count", "bytes"),
        direction: fc.constantFrom("lower_better", "higher_better"),
        n: count,
        quantile: ratio,
        age_s: durationS,
        step_s: durationS,
        limit: number,
        critical: fc.boolean(),
        source: fc.record({ provider: id }),
      },
      ["id", "sli"],
    ),
    fc.oneof({ weight: 4, arbitrary: evidence }, silence),
  )
  .map(([fields, found]): Wire => ({ ...fields, ...found }));

function identityOf(serviceDefault: string) {
  return ({ id: own, service, population }: Wire) =>
    JSON.stringify([own, service ?? serviceDefault, population ?? "candidate"]);
}

function arbitraryHealth(service: string): fc.Arbitrary<Wire> {
  return fc
    .tuple(
      fc.uniqueArray(signal, { selector: identityOf(service), maxLength: 12 }),
      fc.uniqueArray(
        fc.record({ id, pick: fc.nat(), objective_ratio: ratio, period_s: durationS }),
        { selector: (slo) => slo.id, maxLength: 4 },
      ),
      partly<Wire>({
        snapshot_id: id,
        collected_at_ms: pastMs,
        judge: partly<Wire>(
          {
            name: fc.constant("netflix_aca"),
            pass: percent,
            groups: fc.array(
              partly<Wire>({ name: id, weight: percent, signals: fc.constant(["errors"]) }, [
                "name",
                "signals",
              ]),
              { maxLength: 2 },
            ),
          },
          ["name"],
        ),
        alerts: fc.array(fc.record({ name: id, starts_at_ms: pastMs }), { maxLength: 2 }),
      }),
    )
    .map(([signals, slos, rest]) => ({
      ...rest,
      signals,
      slos:
        signals.length === 0
          ? []
          : slos.map(({ pick, ...slo }) => ({
              ...slo,
              signal: signals[pick % signals.length]?.["id"],
            })),
    }));
}

function arbitraryRelease(service: string): fc.Arbitrary<Wire> {
  return partly<Wire>(
    {
      service: fc.constant(service),
      candidate: partly<Wire>({ version: id, digest, commit: id, built_at_ms: pastMs }, [
        "version",
      ]),
      id,
      env: id,
      region: id,
      stable: partly<Wire>({
        version: id,
        digest,
        deployed_at_ms: pastMs,
        known_good: fc.boolean(),
        startable: fc.constantFrom("yes", "no", "unknown"),
        signed: fc.boolean(),
      }),
      earlier: fc.array(
        partly<Wire>({ version: id, digest, known_good: fc.boolean(), deployed_at_ms: pastMs }, [
          "version",
        ]),
        { maxLength: 3 },
      ),
      strategy: fc.constantFrom("canary", "bluegreen", "rolling", "flag", "config"),
      stage: partly<Wire>({ index: count, weight_ratio: ratio, started_at_ms: pastMs }),
      exposed_since_ms: pastMs,
      tier: fc.nat(3),
      change_set: fc.array(fc.record({ kind: fc.constantFrom("code", "flag") }), { maxLength: 2 }),
    },
    ["service", "candidate"],
  );
}

function unique(arbitrary: fc.Arbitrary<Wire>, key: string): fc.Arbitrary<Wire[]> {
  return fc.uniqueArray(arbitrary, { selector: (one) => one[key], maxLength: 3 });
}

const surroundings: { [key: string]: fc.Arbitrary<unknown> } = {
  request: partly<Wire>({
    id,
    idempotency_key: id,
    question: fc.constantFrom("continue", "promote", "verify"),
    mode: fc.constantFrom("enforce", "shadow", "replay"),
    gate: fc.record({ kind: id, attempt: count }),
    now_ms: pastMs,
    deadline_ms: anyMs,
    caller: fc.record({ subject: id }),
  }),
  topology: partly<Wire>({
    nodes: fc.array(fc.record({ service: id, tier: fc.nat(3) }), { maxLength: 3 }),
    edges: fc.array(fc.record({ from: id, to: id, kind: fc.constantFrom("sync", "data") }), {
      maxLength: 3,
    }),
    deploy_order: fc.array(id, { maxLength: 3 }),
  }),
  flags: unique(
    partly<Wire>(
      {
        key: id,
        variant: fc.constantFrom("on", "off"),
        safe_variant: fc.constant("off"),
        changed_at_ms: pastMs,
        exposure_ratio: ratio,
        kill_switch: fc.boolean(),
        covers_release: fc.boolean(),
      },
      ["key"],
    ),
    "key",
  ),
  migrations: unique(
    partly<Wire>(
      {
        id,
        state: fc.constantFrom("pending", "running", "applied", "failed"),
        phase: fc.constantFrom("expand", "backfill", "switch", "contract"),
        reversible: fc.constantFrom("yes", "lossy", "no"),
        applied_at_ms: pastMs,
        rows_since: count,
      },
      ["id", "state"],
    ),
    "id",
  ),
  data_integrity: partly<Wire>({ candidate_writes: count, dual_write: fc.boolean() }),
  approvals: partly<Wire>({
    required: fc.array(fc.record({ role: id, count }), { maxLength: 2 }),
    given: fc.array(
      fc.record({
        role: id,
        subject: id,
        verdict: fc.constantFrom("approve", "reject"),
        at_ms: pastMs,
        expires_ms: anyMs,
      }),
      { maxLength: 2 },
    ),
  }),
  history: partly<Wire>({
    rollbacks: fc.array(fc.record({ service: id, at_ms: pastMs }), { maxLength: 2 }),
    bad_digests: fc.array(digest, { maxLength: 2 }),
    deploys_24h: count,
  }),
  environment: partly<Wire>({
    freezes: unique(
      fc.tuple(id, anyMs, anyMs).map(([name, one, other]) => ({
        id: name,
        start_ms: Math.min(one, other),
        end_ms: Math.max(one, other),
      })),
      "id",
    ),
    capacity: partly<Wire>({ stable_ready_ratio: ratio, headroom_ratio: ratio }),
  }),
  ext: fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
    .filter((ext) => isWithinLimits(ext)),
};

function isWithinLimits(value: unknown): boolean {
  return (
    findJsonViolation(value, { depthMax: 20, nodesMax: 1_000, childrenMax: 100 }) === undefined
  );
}

/** Every member of a request is generated: a new one has to be added here. */
const generated = new Set(["release", "health", ...Object.keys(surroundings)]);
const missing = Object.keys(decisionRequestSchema.shape).filter((key) => !generated.has(key));
if (missing.length > 0) throw new Error(`no arbitrary for ${missing.join(", ")}`);

/** Requests that `parseRequest` accepts at `arbitraryNowMs`. */
export const arbitraryRequest: fc.Arbitrary<Wire> = id.chain((service) =>
  fc
    .tuple(
      arbitraryRelease(service),
      fc.option(arbitraryHealth(service), { nil: undefined, freq: 20 }),
      partly<Wire>(surroundings),
    )
    .map(([release, health, rest]) => ({
      ...rest,
      release,
      ...(health === undefined ? {} : { health }),
    })),
);
