/** @module `request`: what is asked, by which gate, until when. */

import { z } from "@hono/zod-openapi";
import { count, epochMs, id, optional } from "./field.ts";

export const questionSchema = z.enum(["continue", "promote", "verify"]);

const gateSchema = z
  .strictObject({
    kind: id.openapi({ description: "`argo-rollouts`, `flagger`, `pipeline`, `person`, …" }),
    name: optional(id),
    hook: optional(id),
    attempt: optional(count),
  })
  .openapi("Gate", {
    description: "Who asks, so that its operators recognise the decision.",
    example: { kind: "argo-rollouts", name: "checkout", hook: "analysis" },
  });

const claimedCallerSchema = z
  .strictObject({ subject: id, auth: optional(id), tenant: optional(id) })
  .openapi({
    description: "Accepted and not believed: the policy sees the caller that the host established.",
  });

export const askingSchema = z
  .strictObject({
    id: optional(id).openapi({ description: "Replaced by the id of the decision." }),
    idempotency_key: optional(id).openapi({
      description: "The same key with the same request gives the same decision.",
    }),
    question: questionSchema.default("continue").openapi({
      description:
        "`continue`: is it still all right? `promote`: may it go further? `verify`: did the rollback work?",
    }),
    gate: optional(gateSchema),
    now_ms: optional(epochMs).openapi({
      description:
        "The caller's clock, epoch ms. Only checked against the host's; replaced by the host's reading.",
    }),
    deadline_ms: optional(epochMs).openapi({
      description: "Until when the gate can wait for a final answer, epoch ms.",
    }),
    mode: z.enum(["enforce", "shadow", "replay"]).default("enforce"),
    caller: optional(claimedCallerSchema),
  })
  .openapi("Asking", {
    description: "What is asked. Everything in it is optional.",
    example: { question: "promote" },
  });
