/**
 * @module What `rego/belay` answers to the host, before the host adds locations, margins, the plan
 * and the provenance. The host parses it with `answerSchema`; anything else is `POLICY_ERROR`.
 */

import { z } from "@hono/zod-openapi";
import { json } from "./request/field.ts";

export const findingKind = z.enum(["regression", "unsafe", "insufficient", "hold", "note"]);
export const severity = z.enum(["critical", "major", "minor", "info"]);
export const findingCode = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/);
export const verdict = z.enum(["allow", "rollback", "escalate"]);
export const escalationLevel = z.enum(["wait", "notify", "page"]);
export const evidenceOp = z.enum(["<", "<=", ">", ">=", "==", "!="]);
const jsonPrimitive = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One observation a finding rests on. `observed op threshold` is what the rule found true. */
export const findingEvidence = z.strictObject({
  /** JSON Pointer into the normalised input. */
  path: z.string().regex(/^(\/.*)?$/),
  observed: jsonPrimitive,
  op: evidenceOp,
  threshold: jsonPrimitive,
  unit: z.string().optional(),
  /** Sample size behind the observation. */
  n: z.number().optional(),
  status: z.string().optional(),
});

/** One statement of one rule. */
export const finding = z.strictObject({
  policy: z.string(),
  kind: findingKind,
  code: findingCode,
  severity,
  message: z.string().min(1).max(500),
  evidence: z.array(findingEvidence).max(32),
  /** `insufficient` only: until then the lack of evidence is tolerated, epoch ms. */
  grace_until_ms: z.int().optional(),
  /** False for a policy in shadow: recorded, never counted. */
  counted: z.boolean(),
});

/** A policy in force that gave no usable answer. */
export const policyError = z.strictObject({ policy: z.string(), message: z.string() });

export const policyInForce = z.strictObject({
  mode: z.enum(["enforce", "shadow"]),
  params: z.record(z.string(), json),
});

/** What a policy wants to see in the plan; `rego/belay/advice.rego` says what each act means. */
export const advice = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("flag_off"), policy: z.string(), flag: z.string() }),
  z.strictObject({
    act: z.literal("target"),
    policy: z.string(),
    service: z.string(),
    version: z.string().optional(),
    digest: z.string().optional(),
  }),
  z.strictObject({
    act: z.enum(["include", "exclude"]),
    policy: z.string(),
    service: z.string(),
    why: z.string(),
  }),
]);

export const answerSchema = z.strictObject({
  verdict,
  /** Code of the finding that decided; `POLICY_ERROR`; or `CLEAR` where nothing was found. */
  code: findingCode,
  /** Row of the verdict table (docs/decisions.md) that decided, 1..7, 0 for the question verify. */
  row: z.int().min(0).max(7),
  /** Present exactly when the verdict is `escalate`. */
  level: escalationLevel.optional(),
  /** Milliseconds after which asking again may help; only with level `wait`. */
  retry_after_ms: z.int().nonnegative().optional(),
  findings: z.array(finding),
  /** Of policies that count. Absent from bundles built before there was any. */
  advice: z.array(advice).optional(),
  errors: z.array(policyError),
  policies: z.record(z.string(), policyInForce),
});

export type Verdict = z.infer<typeof verdict>;
export type Finding = z.infer<typeof finding>;
export type Advice = z.infer<typeof advice>;
export type Answer = z.infer<typeof answerSchema>;
export type PolicyError = z.infer<typeof policyError>;

/** Entrypoints that every bundle for Belay has; a policy adds `belay/policies/NAME/finding`. */
export const answerEntrypoint = "belay/decision/answer";
/** Takes `{request, findings, errors}` as input and combines them; used when an evaluation aborts. */
export const combineEntrypoint = "belay/decision/combined";
