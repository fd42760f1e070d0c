/** @module `approvals`, `history`, `environment`: what surrounds the release. */

import { z } from "@hono/zod-openapi";
import { verdict } from "../answer.ts";
import { count, digest, durationS, epochMs, id, optional, planId, ratio, sha256 } from "./field.ts";

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
            break_glass: optional(z.boolean()).openapi({
              description: "Given outside the rules, in an emergency. Counts only while it lasts.",
            }),
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

const pastCheckSchema = z.strictObject({
  at_ms: epochMs,
  verdict,
  breached: z.array(z.strictObject({ signal: id, service: id })).max(100),
});

const activeRollbackSchema = z.strictObject({
  plan_id: optional(planId),
  state: z.enum(["pending", "running", "halted", "verifying"]),
  holder: optional(id),
  started_at_ms: optional(epochMs),
  expires_ms: optional(epochMs).openapi({
    description: "From then on the holder no longer stands in the way, epoch ms.",
  }),
  renewed_at_ms: optional(epochMs).openapi({
    description: "When the holder was last heard of, epoch ms.",
  }),
  decision_id: optional(id),
  candidate_version: optional(id).openapi({ description: "What is being rolled back." }),
  candidate_digest: optional(digest),
  deadline_ms: optional(epochMs).openapi({
    description: "Until when the service has to have recovered, epoch ms.",
  }),
  before: optional(
    z
      .array(
        z.strictObject({
          signal: id,
          service: id,
          bad: optional(count),
          total: optional(count),
          value: optional(z.number()),
        }),
      )
      .max(500),
  ).openapi({ description: "What the candidate showed when the rollback was decided." }),
});

export const historySchema = z
  .strictObject({
    rollbacks: optional(z.array(pastRollbackSchema).max(500)),
    bad_digests: optional(z.array(digest).max(1_000)),
    attempts_of_digest: optional(count),
    last_decision: optional(
      z.strictObject({ decision: verdict, at_ms: epochMs, input_sha256: optional(sha256) }),
    ),
    checks: optional(z.array(pastCheckSchema).max(100)).openapi({
      description:
        "Earlier decisions on this release, oldest first, and the signals that were in breach.",
    }),
    regressions: optional(
      z.array(z.strictObject({ service: id, at_ms: epochMs, code: optional(id) })).max(200),
    ).openapi({ description: "Regressions lately found in other services of the environment." }),
    active_rollback: optional(activeRollbackSchema),
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
    providers: optional(
      z.array(z.strictObject({ id, status: z.enum(["ok", "degraded", "down"]) })).max(50),
    ).openapi({ description: "The metrics providers that the signals came from." }),
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
