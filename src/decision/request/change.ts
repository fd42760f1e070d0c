/** @module `flags`, `migrations`, `data_integrity`: what changed beside the artifact. */

import { z } from "@hono/zod-openapi";
import { severity } from "../answer.ts";
import { count, durationS, epochMs, id, optional, ratio, text } from "./field.ts";

export const flagSchema = z
  .strictObject({
    key: id,
    variant: optional(id).openapi({ description: "The variant served now." }),
    safe_variant: optional(id).openapi({ description: "The variant that turns the change off." }),
    changed_at_ms: optional(epochMs),
    exposure_ratio: optional(ratio),
    kill_switch: optional(z.boolean()),
    service: optional(id).openapi({
      description: "Whose change it turns off. Defaults to `release.service`.",
    }),
    reachable: optional(z.boolean()).openapi({
      description: "False where the flag service does not answer, so that nothing can be switched.",
    }),
    guards_migration: optional(id).openapi({
      description: "`id` of a migration whose new shape is written only while the flag is on.",
    }),
    covers_release: optional(z.boolean()).openapi({
      description: "Whether turning it off takes the whole release out of effect.",
    }),
  })
  .openapi("Flag", {
    description: "A feature flag the release depends on.",
    example: { key: "new-cart", variant: "on", safe_variant: "off", kill_switch: true },
  });

const backupSchema = z.strictObject({
  at_ms: optional(epochMs),
  verified: optional(z.boolean()),
  immutable: optional(z.boolean()),
  restore_s: optional(durationS),
});

export const migrationSchema = z
  .strictObject({
    id,
    store: optional(id),
    phase: optional(z.enum(["expand", "backfill", "switch", "contract"])),
    state: z.enum(["pending", "running", "applied", "failed"]),
    reversible: optional(z.enum(["yes", "lossy", "no"])),
    down_tested_at_ms: optional(epochMs).openapi({
      description: "When the way back was last tried on a copy, epoch ms.",
    }),
    applied_at_ms: optional(epochMs),
    service: optional(id).openapi({
      description: "Whose release brought it. Defaults to `release.service`.",
    }),
    readers: optional(z.array(id).max(200)).openapi({
      description: "Services that read the store. Defaults to `service`.",
    }),
    schema_version: optional(id),
    app_min: optional(id).openapi({
      description: "Oldest version of `service` that can use the store as it is now.",
    }),
    app_max: optional(id).openapi({
      description: "Newest version of `service` that can use the store as it is now.",
    }),
    backup: optional(backupSchema),
    rows_since: optional(count).openapi({ description: "Rows written since it was applied." }),
    rpo_s: optional(durationS),
  })
  .openapi("Migration", {
    description: "A schema or data migration that came with the release.",
    example: { id: "0042-orders", phase: "expand", state: "applied", reversible: "yes" },
  });

export const integrityCheckSchema = z.strictObject({
  id,
  kind: z.enum(["referential", "duplicate", "checksum", "reconcile"]),
  status: z.enum(["ok", "failed", "unknown"]),
  violations: optional(count),
  checked_at_ms: optional(epochMs),
  severity: optional(severity),
});

export const queueSchema = z
  .strictObject({
    id,
    service: id.openapi({ description: "Who consumes it." }),
    backlog: optional(count),
    readable_by_stable: optional(z.boolean()).openapi({
      description: "Whether the stable version understands what waits in it.",
    }),
  })
  .openapi("Queue", {
    description: "A queue that the release writes into or reads from.",
    example: { id: "orders", service: "billing", backlog: 40, readable_by_stable: true },
  });

export const cacheSchema = z
  .strictObject({
    id,
    service: id.openapi({ description: "Who reads it." }),
    readable_by_stable: optional(z.boolean()),
  })
  .openapi("Cache", {
    description: "A cache that holds what the candidate wrote.",
    example: { id: "cart-cache", service: "checkout", readable_by_stable: false },
  });

export const compensationSchema = z
  .strictObject({
    id,
    service: id,
    text: optional(text).openapi({ description: "What it puts right." }),
    reversible: optional(z.boolean()),
  })
  .openapi("Compensation", {
    description: "Work that puts right what the candidate did and going back does not undo.",
    example: { id: "refund-double-charges", service: "billing" },
  });

export const dataIntegritySchema = z
  .strictObject({
    checks: optional(z.array(integrityCheckSchema).max(500)),
    candidate_writes: optional(count).openapi({ description: "Rows the candidate has written." }),
    unreadable_by_stable: optional(count).openapi({
      description: "Rows written by the candidate that the stable version cannot read.",
    }),
    queue_backlog: optional(count),
    queues: optional(z.array(queueSchema).max(200)),
    caches: optional(z.array(cacheSchema).max(200)),
    compensations: optional(z.array(compensationSchema).max(50)),
    dual_write: optional(z.boolean()),
  })
  .openapi("DataIntegrity", {
    description: "The state of the data the release touches.",
    example: { candidate_writes: 120, unreadable_by_stable: 0 },
  });
