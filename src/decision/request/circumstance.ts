/** @module `approvals`, `history`, `environment`: what surrounds the release. */

import { z } from "@hono/zod-openapi";
import { verdict } from "../answer.ts";
import { count, digest, durationS, epochMs, id, optional, ratio, sha256 } from "./field.ts";

/** `sha256:` and the hash of a plan. */
export const planId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: "expected a plan id: `sha256:` and 64 hex digits" });

export const approvalsSchema = z
  .strictObject({
    required: optional(z.array(z.strictObject({ role: id, count })).max(50)),
    given: optional(
      z
        .array(
          z.strictObject({
            role: id,
            subject: id,
            verdict: z.enum(["approve", "reject"]),
            at_ms: epochMs,
            expires_ms: optional(epochMs),
            plan_id: optional(planId),
          }),
        )
        .max(200),
    ),
  })
  .openapi("Approvals", {
    description: "Who has to agree, and who has.",
    example: { required: [{ role: "release-manager", count: 1 }] },
  });

const pastRollbackSchema = z.strictObject({
  service: id,
  release: optional(id),
  from_digest: optional(digest),
  to_digest: optional(digest),
  at_ms: epochMs,
  result: optional(z.enum(["succeeded", "failed", "unknown"])),
  duration_s: optional(durationS),
  decision_id: optional(id),
});

export const historySchema = z
  .strictObject({
    rollbacks: optional(z.array(pastRollbackSchema).max(500)),
    bad_digests: optional(z.array(digest).max(1_000)),
    attempts_of_digest: optional(count),
    last_decision: optional(
      z.strictObject({ decision: verdict, at_ms: epochMs, input_sha256: optional(sha256) }),
    ),
    active_rollback: optional(
      z.strictObject({
        plan_id: optional(planId),
        state: z.enum(["pending", "running", "halted"]),
        holder: optional(id),
        started_at_ms: optional(epochMs),
      }),
    ),
    deploys_24h: optional(count),
  })
  .openapi("History", {
    description:
      "What happened before. A caller's own account is kept apart from the record's, as `claimed`.",
    example: { deploys_24h: 3 },
  });

export const freezeSchema = z.strictObject({
  id,
  start_ms: epochMs,
  end_ms: epochMs,
  allow_rollback: optional(z.boolean()),
});

export const incidentSchema = z.strictObject({
  id,
  severity: optional(id),
  services: optional(z.array(id).max(500)),
  started_at_ms: optional(epochMs),
});

export const environmentSchema = z
  .strictObject({
    freezes: optional(z.array(freezeSchema).max(200)),
    incidents: optional(z.array(incidentSchema).max(200)),
    capacity: optional(
      z.strictObject({
        stable_ready_ratio: optional(ratio),
        headroom_ratio: optional(ratio),
      }),
    ),
    gitops: optional(
      z.strictObject({ desired_digest: optional(digest), auto_sync: optional(z.boolean()) }),
    ),
  })
  .openapi("Environment", {
    description: "Freezes, incidents, capacity and what GitOps would do.",
    example: { capacity: { stable_ready_ratio: 1 } },
  });
