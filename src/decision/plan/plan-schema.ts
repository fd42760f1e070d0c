/** @module The rollback plan: an immutable list of steps in partial order, named by its own hash. */

import { z } from "@hono/zod-openapi";
import { evidenceOp } from "../answer.ts";
import { optional, planId } from "../request/field.ts";

export const planAction = z.enum([
  "hold",
  "flag_off",
  "gitops_pin",
  "queue_pause",
  "traffic_shift",
  "artifact_revert",
  "config_revert",
  "migration_down",
  "cache_invalidate",
  "queue_resume",
  "compensate",
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

const settingSchema = z
  .strictObject({ key: z.string(), from: optional(z.string()), to: optional(z.string()) })
  .openapi("SettingRevert", {
    description:
      "A setting to put back: what the release made of it, and what it was. An absent side means that the setting was not there.",
    example: { key: "cart.timeout_ms", from: "200", to: "800" },
  });

const stepSchema = z
  .strictObject({
    id: z.string(),
    action: planAction,
    service: z.string(),
    flag: optional(z.string()).openapi({ description: "Key of the flag, for `flag_off`." }),
    migration: optional(z.string()),
    queue: optional(z.string()),
    cache: optional(z.string()),
    compensation: optional(z.string()),
    from: optional(z.string()).openapi({
      description:
        "Digest or version, or variant of a flag: what has to be in place when the step starts.",
    }),
    to: optional(z.string()),
    config: optional(z.array(settingSchema)).openapi({
      description: "The settings to put back, for `config_revert`.",
    }),
    depends_on: z.array(z.string()).openapi({
      description:
        "Steps that have to be through before this one starts. Steps that do not depend on each other may run at the same time.",
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
    timeout_s: z.int().openapi({
      description: "For the step as a whole, its retries included, in seconds.",
    }),
    on_failure: z.enum(["retry", "continue", "halt", "escalate"]),
    retry: optional(z.strictObject({ max: z.int(), backoff_s: z.int() })).openapi({
      description:
        "With `retry`: how often again, and how long to wait before the first time; twice as long before each further one. When that is used up, the plan halts.",
    }),
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
      retry: { max: 3, backoff_s: 5 },
    },
  });

const excludedSchema = z
  .strictObject({ service: z.string(), why: z.string() })
  .openapi("ExcludedService", {
    description: "A service next to what goes back, or released with it, that stays as it is.",
    example: { service: "search", why: "was not released" },
  });

const hazardSchema = z
  .strictObject({ after_step: z.string(), until_step: optional(z.string()), why: z.string() })
  .openapi("Hazard", {
    description:
      "A state on the way that is known to be bad. It begins with `after_step` and ends with `until_step`; without that it stays.",
    example: {
      after_step: "3-artifact_revert",
      until_step: "5-artifact_revert",
      why: "web at 5.0.3 calls cart at 3.2.0, and no old version goes with a new one",
    },
  });

export const scopeKind = z.enum(["single", "group", "fleet"]);
export const excludedServices = z.array(excludedSchema);

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
    ).openapi({
      description:
        "What `service` goes back to; absent where a flag or a migration is all that goes back.",
    }),
    scope: z
      .strictObject({
        services: z.array(z.string()).min(1),
        kind: scopeKind,
        excluded: excludedServices,
      })
      .openapi({ description: "What goes back, in the order in which it does, and what stays." }),
    steps: z.array(stepSchema).min(1),
    cycles: optional(z.array(z.array(z.string()))).openapi({
      description:
        "Services that each have to go back before the other; among them the order is not safe by itself.",
    }),
    hazards: z.array(hazardSchema),
    data_loss: z.enum(["none", "bounded", "unknown"]).openapi({
      description:
        "`bounded`: what may be lost can be restored from backups that are at most `rpo_s` behind.",
    }),
    rpo_s: optional(z.number()).openapi({
      description: "Recovery point: seconds of data at most that are lost; absent where unknown.",
    }),
    rto_s: z.int().openapi({
      description:
        "Recovery time, an upper bound: the longest way through the steps, each at its `timeout_s`, holds included.",
    }),
    absent: z.array(z.string()).openapi({
      description:
        "What could have made the plan more careful and was left out of the request, as JSON Pointers.",
    }),
  })
  .openapi("Plan", { description: "How to go back, step by step." });

export type Plan = z.infer<typeof planSchema>;
export type PlanStep = z.infer<typeof stepSchema>;
export type SuccessCriterion = z.infer<typeof criterionSchema>;
