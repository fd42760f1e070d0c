/**
 * @module The decision: `belay/decision/v1`. It says what to do, why, on what evidence, for how long
 * it holds, and from what it was made. It does not say where it lies in the record: the same bundle
 * and the same input give the same decision, byte for byte, whenever they are put together.
 */

import { z } from "@hono/zod-openapi";
import {
  escalationLevel,
  findingCode,
  findingEvidence,
  findingKind,
  severity,
  verdict,
} from "./answer.ts";
import { excludedServices, planSchema, scopeKind } from "./plan/plan-schema.ts";
import { json, optional, sha256 } from "./request/field.ts";

export const summaryLengthMax = 200;

const pointer = z.string().openapi({ description: "JSON Pointer into the normalised input." });

const evidenceSchema = z
  .strictObject({
    ...findingEvidence.shape,
    unit: optional(z.string()),
    n: optional(z.number()).openapi({ description: "Sample size behind the observation." }),
    status: optional(z.string()),
    margin: optional(z.number()).openapi({ description: "`observed - threshold`, for numbers." }),
    margin_ratio: optional(z.number()).openapi({
      description: "`margin` in parts of the threshold; absent where the threshold is 0.",
    }),
  })
  .openapi("Evidence", {
    description: "One observation. `observed op threshold` is what the rule found true.",
    example: {
      path: "/derived/burn/0/rate",
      observed: 18.2,
      op: ">",
      threshold: 14.4,
      margin: 3.8,
      margin_ratio: 0.263888888889,
      n: 12_000,
    },
  });

const wouldFlipSchema = z
  .strictObject({
    path: pointer,
    from: z.union([z.number(), z.string(), z.boolean()]),
    to: z.union([z.number(), z.string(), z.boolean()]).openapi({
      description:
        "The value nearest to `from` for which the same rules give another verdict, counts to a thousandth of `from`. Bad events of a signal's windows move in proportion with its own.",
    }),
    verdict: verdict.openapi({ description: "What the verdict would have been." }),
  })
  .openapi("WouldFlip", {
    description:
      "The smallest change of one observed value that changes the verdict, proved by asking the rules again.",
    example: { path: "/health/signals/0/bad", from: 38, to: 17, verdict: "escalate" },
  });

const reasonSchema = z
  .strictObject({
    policy: z.string(),
    rule: z.string().openapi({ description: "Path of the rule in the bundle." }),
    location: optional(z.strictObject({ file: z.string(), row: z.int() })),
    kind: findingKind,
    code: findingCode,
    severity,
    message: z.string(),
    counted: z.boolean().openapi({ description: "False for a policy in shadow." }),
    grace_until_ms: optional(z.int()),
    evidence: z.array(evidenceSchema),
    would_flip: optional(wouldFlipSchema).openapi({
      description:
        "Of reasons that decided. Absent where no single value that was tried changes the verdict.",
    }),
  })
  .openapi("Reason", { description: "What one rule found, and where that rule stands." });

const unknownSchema = z
  .strictObject({
    path: optional(pointer),
    policy: optional(z.string()),
    message: z.string(),
  })
  .openapi("Unknown", {
    description: "Something that was asked for and is not known: a signal, or a policy's opinion.",
    example: { path: "/health/signals/3/status", message: "signal `latency` is `no_data`" },
  });

const escalationSchema = z
  .strictObject({
    level: escalationLevel,
    question: z.string(),
    options: z.array(
      z.strictObject({ choice: z.enum(["proceed", "hold", "rollback"]), text: z.string() }),
    ),
    to: z.array(z.string()).openapi({
      description:
        "Roles that have to agree, and owners of what goes back, as the request has them.",
    }),
    timeout_s: z.int().openapi({ description: "For how long the question stands, in seconds." }),
    on_timeout: z.enum(["hold", "rollback"]).openapi({
      description: "What an answer that does not come stands for.",
    }),
  })
  .openapi("Escalation", {
    description: "What a human is asked: `wait` means ask again, `notify` today, `page` now.",
  });

const verificationSchema = z
  .strictObject({
    signals: z.array(z.strictObject({ service: z.string(), signal: z.string() })),
    window_s: z.number(),
    min_n: z.int(),
    deadline_ms: z.int(),
  })
  .openapi("Verification", {
    description:
      "How to see that the rollback worked: these signals, over windows of at most `window_s` and at least `min_n` events each, by `deadline_ms`.",
    example: {
      signals: [{ service: "checkout", signal: "errors" }],
      window_s: 300,
      min_n: 1_000,
      deadline_ms: 1_767_227_100_000,
    },
  });

const noticeSchema = z
  .strictObject({
    public: z.string().openapi({ description: "For users, without names of versions." }),
    internal: z.string(),
    expected_downtime_s: z.int().openapi({
      description: "As long as a known bad state is expected to last; 0 where none is known.",
    }),
    eta_ms: optional(z.int()).openapi({
      description:
        "When the plan is expected to be through, at the usual pace; absent where it waits for a human.",
    }),
  })
  .openapi("Notice", { description: "What to tell people while the plan is carried out." });

const validitySchema = z
  .strictObject({
    decided_at_ms: z.int(),
    expires_at_ms: z.int(),
    valid_while: z.array(z.strictObject({ path: pointer, value: json })).openapi({
      description: "Places of the input that must still be so when the decision is acted on.",
    }),
  })
  .openapi("Validity", { description: "How long the decision may be acted on." });

const provenanceSchema = z
  .strictObject({
    decision_id: z.string(),
    input_sha256: sha256.openapi({ description: "SHA-256 of the input's canonical JSON." }),
    bundle: z.strictObject({ name: z.string(), revision: z.string(), sha256: z.string() }),
    wasm_sha256: z.string(),
    entrypoint: z.string(),
    doubt: optional(z.string()).openapi({
      description: "Why the host did not rely on what the rules answered, where it did not.",
    }),
    steps: optional(z.int().nonnegative()).openapi({
      description: "Steps the evaluation took: the same for the same input, on every machine.",
    }),
  })
  .openapi("Provenance", { description: "What the decision was made from." });

export const decisionSchema = z
  .strictObject({
    verdict,
    code: findingCode.openapi({
      description:
        "Code of the finding that decided, `CLEAR`, `POLICY_ERROR`, `NO_ROLLBACK_TARGET` or `PLAN_UNSAFE_STATE`.",
    }),
    summary: z
      .string()
      .min(1)
      .max(summaryLengthMax)
      .openapi({ description: "One line for an event, a comment or a pager." }),
    reasons: z.array(reasonSchema),
    unknowns: z.array(unknownSchema),
    params_used: z.record(z.string(), z.record(z.string(), json)).openapi({
      description: "Parameters of each policy in force, by policy.",
    }),
    scope: z.strictObject({
      services: z.array(z.string()),
      env: optional(z.string()),
      regions: z.array(z.string()),
      kind: scopeKind.openapi({
        description: "`fleet`: every service that the topology names.",
      }),
      excluded: optional(excludedServices).openapi({
        description: "What stays as it is, although it is near or was released too.",
      }),
    }),
    plan: optional(planSchema),
    verification: optional(verificationSchema),
    notice: optional(noticeSchema),
    escalation: optional(escalationSchema),
    retry_after_ms: optional(z.int()),
    validity: validitySchema,
    provenance: provenanceSchema,
  })
  .openapi("Decision", {
    description: "Carry on (`allow`), go back (`rollback`), or ask a human (`escalate`), and why.",
  });

export type Decision = z.infer<typeof decisionSchema>;
export type Reason = z.infer<typeof reasonSchema>;
export type WouldFlip = z.infer<typeof wouldFlipSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Unknown = z.infer<typeof unknownSchema>;
export type Escalation = z.infer<typeof escalationSchema>;
export type Verification = z.infer<typeof verificationSchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type Validity = z.infer<typeof validitySchema>;
