/** @module `release`: what was released, to replace what. */

import { z } from "@hono/zod-openapi";
import { count, digest, durationS, epochMs, id, optional, ratio } from "./field.ts";

const candidateSchema = z
  .strictObject({
    version: id,
    digest: optional(digest),
    commit: optional(id),
    built_at_ms: optional(epochMs),
    signed: optional(z.boolean()),
  })
  .openapi("Candidate", {
    description: "The version on trial.",
    example: { version: "2.4.0" },
  });

const stableSchema = z
  .strictObject({
    version: optional(id),
    digest: optional(digest),
    deployed_at_ms: optional(epochMs),
    soak_s: optional(durationS),
    known_good: optional(z.boolean()),
    startable: optional(z.enum(["yes", "no", "unknown"])),
    verified_at_ms: optional(epochMs),
  })
  .openapi("Stable", {
    description:
      "The version to go back to. Without a version or a digest there is no target, and a rollback becomes a question to a human.",
    example: { version: "2.3.9" },
  });

const stageSchema = z
  .strictObject({
    index: optional(count),
    count: optional(count),
    weight_ratio: optional(ratio),
    started_at_ms: optional(epochMs),
  })
  .openapi("Stage", {
    description: "How far the candidate is exposed.",
    example: { index: 1, count: 5, weight_ratio: 0.2 },
  });

const changeSchema = z.strictObject({
  kind: z.enum(["code", "config", "flag", "schema", "infra", "secret"]),
  ref: optional(id),
  at_ms: optional(epochMs),
});

export const releaseSchema = z
  .strictObject({
    id: optional(id).openapi({
      description: "Names this roll-out, so that two of the same version can be told apart.",
    }),
    service: id,
    env: optional(id),
    region: optional(id),
    cluster: optional(id),
    candidate: candidateSchema,
    stable: optional(stableSchema),
    strategy: optional(z.enum(["canary", "bluegreen", "rolling", "flag", "config"])),
    stage: optional(stageSchema),
    exposed_since_ms: optional(epochMs).openapi({
      description: "Since when the candidate has had traffic, epoch ms.",
    }),
    tier: optional(z.int().min(0).max(3)).openapi({
      description: "Importance of the service; 0 is the most important.",
    }),
    change_set: optional(z.array(changeSchema).max(200)),
    rollback_of: optional(id),
  })
  .openapi("Release", {
    description: "What was released, and what it replaces.",
    example: {
      service: "checkout",
      candidate: { version: "2.4.0" },
      stable: { version: "2.3.9" },
    },
  });
