/** @module Carrying out a plan, as it goes over the wire. */

import { z } from "@hono/zod-openapi";
import { epochMs, id, json, planId, text } from "../../decision/request/field.ts";
import { recordedDecisionSchema } from "./decision-schema.ts";

export const stepReportSchema = z
  .strictObject({
    state: z.enum(["started", "succeeded", "failed"]),
    attempt: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe("which try; the one that is due where absent"),
    detail: z.string().max(500).optional().describe("kept for ever: no secrets"),
  })
  .openapi("StepReport", { example: { state: "started", attempt: 1 } });

export const resolutionSchema = z
  .strictObject({
    choice: z.enum(["proceed", "hold", "rollback"]),
    plan_id: planId.optional().describe("the plan that is agreed to; required for `rollback`"),
    role: id.describe("in which role the caller answers"),
    reason: text.describe("kept for ever: no secrets"),
    expires_ms: epochMs
      .optional()
      .describe("until when it counts: an hour from now where absent, at most a day"),
    break_glass: z
      .boolean()
      .default(false)
      .describe("alone and outside the rules, for an hour at most; it stands out in the record"),
  })
  .openapi("Resolution", {
    example: {
      choice: "rollback",
      plan_id: `sha256:${"3b".repeat(32)}`,
      role: "release-manager",
      reason: "the backup was tried this morning",
    },
  });

export const verificationRequestSchema = z
  .strictObject({ health: json.describe("a health snapshot as in a request for a decision") })
  .openapi("VerificationRequest", {
    example: { health: { signals: [{ id: "errors", sli: "availability", bad: 1, total: 1_000 }] } },
  });

const stepProgressSchema = z
  .strictObject({
    id: z.string(),
    state: z
      .enum(["waiting", "ready", "running", "succeeded", "passed", "failed"])
      .describe("`passed`: it failed, and the plan goes on all the same"),
    attempt: z.int().describe("the try that runs or ran last, or the one to start"),
    started_at_ms: z.int().optional(),
    deadline_ms: z.int().optional().describe("when the try that runs counts as failed"),
    failed_at_ms: z.int().optional().describe("when the last try failed, or its time was up"),
    not_before_ms: z.number().optional().describe("when the next try may start"),
    waits_for: z.array(z.string()).optional(),
  })
  .openapi("StepProgress");

export const rollbackStateSchema = z
  .strictObject({
    decision_id: z.string(),
    plan_id: z.string().optional().describe("absent where the decision has no plan"),
    state: z.enum(["none", "pending", "running", "halted", "done", "closed"]),
    steps: z.array(stepProgressSchema),
    next: z.array(z.string()).describe("steps that may start now"),
    why: z.string().optional().describe("why it has halted"),
    escalates: z.boolean().describe("whether a human has to be called"),
    resolved: z.strictObject({
      choice: z.enum(["proceed", "hold", "rollback"]).optional(),
      expires_ms: z.int().optional(),
      break_glass: z.boolean(),
      by: z.array(z.string()),
      missing: z.string().optional().describe("what is still needed for an agreement"),
    }),
    verified: z
      .strictObject({ outcome: z.string(), judged_by: z.string(), at: z.string() })
      .optional(),
    repeated: z.boolean().optional().describe("the report was on record already"),
  })
  .openapi("RollbackState", { description: "How far a plan has come, and what may come next." });

export const verifiedRollbackSchema = z
  .strictObject({
    outcome: z
      .enum(["recovered", "not_yet", "not_recovered"])
      .describe("`not_yet`: ask again after `judged.retry_after_ms`"),
    judged: recordedDecisionSchema.describe("the decision, of question `verify`, that judged it"),
    rollback: rollbackStateSchema,
  })
  .openapi("VerifiedRollback");
