/**
 * @module What a deploy gate asks: `belay/decision-request/v1`. The schema, and the one way from an
 * untrusted value to a `DecisionRequest`.
 *
 * Times are epoch milliseconds (`…_ms`), durations seconds (`…_s`), ratios 0..1. Everything but
 * `release` is optional; what is absent is absent evidence, never good news.
 */

import { z } from "@hono/zod-openapi";
import type { InputIssue } from "../base/errors.ts";
import { findJsonViolation, type JsonLimits } from "./json-violation.ts";
import { askingSchema } from "./request/asking.ts";
import { dataIntegritySchema, flagSchema, migrationSchema } from "./request/change.ts";
import { approvalsSchema, environmentSchema, historySchema } from "./request/circumstance.ts";
import {
  checkCrossFields,
  findSoundParts,
  hasEvidence,
  type SoundParts,
} from "./request/cross-fields.ts";
import { json, optional } from "./request/field.ts";
import { type Clock, findFutureTimes } from "./request/future-times.ts";
import { healthSchema, type signalSchema, type signalStatusSchema } from "./request/health.ts";
import { describeIssue, translateIssues } from "./request/issues.ts";
import { releaseSchema } from "./request/release.ts";
import { topologySchema } from "./request/topology.ts";

export const decisionRequestSchema = z
  .strictObject({
    request: askingSchema.prefault({}),
    release: releaseSchema,
    health: healthSchema.prefault({}),
    topology: optional(topologySchema),
    flags: optional(z.array(flagSchema).max(500)),
    migrations: optional(z.array(migrationSchema).max(200)),
    data_integrity: optional(dataIntegritySchema),
    approvals: optional(approvalsSchema),
    history: optional(historySchema),
    environment: optional(environmentSchema),
    ext: optional(z.record(z.string(), json)).openapi({
      description: "Anything else a policy of yours reads. The only place for keys of your own.",
    }),
  })
  .openapi("DecisionRequest", {
    description:
      "A question about a release: what was released, to replace what, and what is seen of it. Only `release` is required; what is left out is absent evidence, never good news.",
    example: {
      release: {
        service: "checkout",
        candidate: { version: "2.4.0" },
        stable: { version: "2.3.9" },
      },
      health: {
        signals: [
          { id: "errors", sli: "availability", bad: 30, total: 1_000 },
          { id: "errors", sli: "availability", population: "stable", bad: 90, total: 9_000 },
        ],
      },
    },
  });

type ParsedShape = z.infer<typeof decisionRequestSchema>;

let compiledSchema: typeof decisionRequestSchema | undefined;

/**
 * The same schema as generated code, which takes a request several times faster. Making it takes
 * tens of milliseconds: what parses no request never waits for it.
 */
function requestParser(): typeof decisionRequestSchema {
  compiledSchema ??= z.compile(decisionRequestSchema, { strict: true });
  return compiledSchema;
}

/** A signal with its defaults applied. */
export type Signal = z.infer<typeof signalSchema> & {
  readonly service: string;
  readonly status: z.infer<typeof signalStatusSchema>;
};

export type HealthSnapshot = Omit<ParsedShape["health"], "signals"> & { signals: Signal[] };
export type DecisionRequest = Omit<ParsedShape, "health"> & { health: HealthSnapshot };
export type History = z.infer<typeof historySchema>;
export type { Clock } from "./request/future-times.ts";

export type ParsedRequest =
  | { readonly ok: true; readonly request: DecisionRequest }
  | {
      readonly ok: false;
      /** Which error of the catalogue it is. */
      readonly code: "input-too-large" | "clock-skew" | "invalid-request";
      /** Every place that is wrong, one issue each, at most `issuesMax`. */
      readonly issues: readonly InputIssue[];
    };

export const issuesMax = 50;

/**
 * What a request may be at all, before its schema is looked at. The longest list of the schema has
 * 5,000 elements; one answer of a metrics provider has up to 11,000 points for each series.
 */
const limits: JsonLimits = { depthMax: 64, nodesMax: 200_000, childrenMax: 11_000 };

/**
 * Parses a request from outside: bounds it, checks it against the schema and against itself, and
 * applies the defaults. Every time that tells of the past must not lie beyond the clock.
 */
export function parseRequest(raw: unknown, clock: Clock): ParsedRequest {
  const violation = findJsonViolation(raw, limits);
  if (violation !== undefined) {
    const { pointer, message, tooLarge } = violation;
    const code = tooLarge ? "input-too-large" : "invalid-request";
    return { ok: false, code, issues: [{ pointer, message }] };
  }
  const parsed = requestParser().safeParse(raw, { error: describeIssue });
  const shape = parsed.success
    ? []
    : translateIssues(parsed.error.issues, decisionRequestSchema, issuesMax);
  const parts = parsed.success ? partsOf(parsed.data) : findSoundParts(raw);
  const contradictions = checkCrossFields(parts);
  const future = findFutureTimes(raw, clock);
  if (parsed.success && contradictions.length === 0 && future.length === 0) {
    return { ok: true, request: applyDefaults(parsed.data) };
  }
  const isOnlySkew = parsed.success && contradictions.length === 0;
  return {
    ok: false,
    code: isOnlySkew ? "clock-skew" : "invalid-request",
    issues: keepOnePerPlace([...shape, ...contradictions, ...future]).slice(0, issuesMax),
  };
}

/**
 * The request with signals in place of `health.mapping`, parsed anew: what a mapping gives is held
 * to the same rules as what a caller sends.
 */
export function withSignals(
  request: DecisionRequest,
  snapshot: Pick<HealthSnapshot, "signals" | "collected_at_ms">,
  clock: Clock,
): ParsedRequest {
  const { mapping: _resolved, ...health } = request.health;
  return parseRequest({ ...request, health: { ...health, ...snapshot } }, clock);
}

function partsOf(shape: ParsedShape): SoundParts {
  return {
    service: shape.release.service,
    hasMapping: shape.health.mapping !== undefined,
    signals: shape.health.signals,
    slos: shape.health.slos ?? [],
    flags: shape.flags ?? [],
    migrations: shape.migrations ?? [],
    checks: shape.data_integrity?.checks ?? [],
    queues: shape.data_integrity?.queues ?? [],
    caches: shape.data_integrity?.caches ?? [],
    compensations: shape.data_integrity?.compensations ?? [],
    components: shape.release.components ?? [],
    freezes: shape.environment?.freezes ?? [],
    incidents: shape.environment?.incidents ?? [],
  };
}

function applyDefaults(shape: ParsedShape): DecisionRequest {
  const signals = shape.health.signals.map((signal) => ({
    ...signal,
    service: signal.service ?? shape.release.service,
    status: signal.status ?? (hasEvidence(signal) ? "ok" : "no_data"),
  }));
  return { ...shape, health: { ...shape.health, signals } };
}

function keepOnePerPlace(issues: readonly InputIssue[]): InputIssue[] {
  const byPlace = new Map<string, InputIssue>();
  for (const issue of issues) {
    if (!byPlace.has(issue.pointer)) byPlace.set(issue.pointer, issue);
  }
  return [...byPlace.values()];
}
