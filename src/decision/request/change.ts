/** @module `flags`, `migrations`, `data_integrity`: what changed beside the artifact. */

import { z } from "@hono/zod-openapi";
import { severity } from "../answer.ts";
import { count, durationS, epochMs, id, optional, ratio } from "./field.ts";

export const flagSchema = z
  .strictObject({
    key: id,
    variant: optional(id).openapi({ description: "The variant served now." }),
    safe_variant: optional(id).openapi({ description: "The variant that turns the change off." }),
    changed_at_ms: optional(epochMs),
    exposure_ratio: optional(ratio),
    kill_switch: optional(z.boolean()),
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
    down_tested_at_ms: optional(epochMs),
    applied_at_ms: optional(epochMs),
    schema_version: optional(id),
    app_min: optional(id),
    app_max: optional(id),
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

export const dataIntegritySchema = z
  .strictObject({
    checks: optional(z.array(integrityCheckSchema).max(500)),
    candidate_writes: optional(count).openapi({ description: "Rows the candidate has written." }),
    unreadable_by_stable: optional(count).openapi({
      description: "Rows written by the candidate that the stable version cannot read.",
    }),
    queue_backlog: optional(count),
    dual_write: optional(z.boolean()),
  })
  .openapi("DataIntegrity", {
    description: "The state of the data the release touches.",
    example: { candidate_writes: 120, unreadable_by_stable: 0 },
  });
