/** @module The rollback plan: an ordered, immutable list of steps, named by the hash of itself. */

import { z } from "@hono/zod-openapi";
import { evidenceOp } from "./answer.ts";
import { optional, planId } from "./request/field.ts";

export const planAction = z.enum([
  "hold",
  "flag_off",
  "traffic_shift",
  "artifact_revert",
  "config_revert",
  "verify",
]);

const criterionSchema = z
  .strictObject({
    service: z.string(),
    signal: z.string(),
    op: evidenceOp,
    value: z.number(),
    window_s: z.number(),
    min_n: z.int(),
  })
  .openapi("SuccessCriterion", {
    description:
      "Holds when the ratio of bad events of the signal, over the window and at least `min_n` events, compares so with `value`. Measured on whatever serves the traffic after the step.",
    example: {
      service: "checkout",
      signal: "errors",
      op: "<=",
      value: 0.001,
      window_s: 300,
      min_n: 1_000,
    },
  });

const stepSchema = z
  .strictObject({
    id: z.string(),
    action: planAction,
    service: z.string(),
    flag: optional(z.string()).openapi({ description: "Key of the flag, for `flag_off`." }),
    from: optional(z.string()).openapi({ description: "Digest or version, or variant of a flag." }),
    to: optional(z.string()),
    depends_on: z.array(z.string()).openapi({
      description: "Steps that have to be through before this one starts.",
    }),
    idempotency_key: z.string().openapi({
      description: "The same for the same step of the same plan, however often it is asked for.",
    }),
    reversible: z.boolean(),
    point_of_no_return: z.boolean().openapi({
      description: "What it changes may be lost for ever. A `hold` stands before it.",
    }),
    precondition: z.array(z.string()).openapi({ description: "What a human confirms first." }),
    success: z.array(criterionSchema).openapi({
      description: "All of them hold when the step has succeeded; none: a human looks.",
    }),
    timeout_s: z.int(),
    on_failure: z.enum(["retry", "continue", "halt", "escalate"]),
  })
  .openapi("PlanStep", {
    description: "One step of a plan.",
    example: {
      id: "1-traffic_shift",
      action: "traffic_shift",
      service: "checkout",
      from: "2.4.0",
      to: "2.3.9",
      depends_on: [],
      idempotency_key: "3b0c44298fc1c149afbf4c8996fb9242-1-traffic_shift",
      reversible: true,
      point_of_no_return: false,
      precondition: [],
      success: [],
      timeout_s: 300,
      on_failure: "retry",
    },
  });

export const planSchema = z
  .strictObject({
    plan_id: planId.openapi({
      description: "`sha256:` and the SHA-256 of the plan's canonical JSON without this member.",
    }),
    service: z.string(),
    release_id: optional(z.string()),
    exposed_since_ms: optional(z.int()),
    target: optional(
      z.strictObject({ version: optional(z.string()), digest: optional(z.string()) }),
    ).openapi({ description: "What to go back to; absent where turning a flag off is all." }),
    steps: z.array(stepSchema).min(1),
    data_loss: z.enum(["none", "unknown"]),
  })
  .openapi("Plan", { description: "How to go back, step by step." });

export type Plan = z.infer<typeof planSchema>;
export type PlanStep = z.infer<typeof stepSchema>;
export type SuccessCriterion = z.infer<typeof criterionSchema>;
