/** @module `release`: what was released, to replace what. */

import { z } from "@hono/zod-openapi";
import { count, digest, durationS, epochMs, id, optional, ratio, text } from "./field.ts";

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
    signed: optional(z.boolean()),
  })
  .openapi("Stable", {
    description:
      "The version to go back to. Without a version or a digest there is no target, and a rollback becomes a question to a human.",
    example: { version: "2.3.9" },
  });

const earlierSchema = stableSchema
  .pick({ digest: true, deployed_at_ms: true, known_good: true, startable: true, signed: true })
  .extend({ version: id })
  .openapi("EarlierVersion", {
    description: "A version before the stable one, to go back to where that one is no good either.",
    example: { version: "2.3.8", known_good: true },
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

const strategySchema = z.enum(["canary", "bluegreen", "rolling", "flag", "config", "database"]);

const configChangeSchema = z
  .strictObject({ key: id, from: optional(text), to: optional(text) })
  .openapi("ConfigChange", {
    description:
      "One setting that the release changed. A side that is absent means that the setting was not there. Secrets are named by their digest or version, never by value.",
    example: { key: "cart.timeout_ms", from: "800", to: "200" },
  });

export const componentSchema = z
  .strictObject({
    service: id,
    candidate: candidateSchema,
    stable: optional(stableSchema),
    strategy: optional(strategySchema),
    tier: optional(z.int().min(0).max(3)),
    config_diff: optional(z.array(configChangeSchema).max(200)),
  })
  .openapi("ReleaseComponent", {
    description: "Another service that was released together with `release.service`.",
    example: { service: "web", candidate: { version: "5.1.0" }, stable: { version: "5.0.3" } },
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
    earlier: optional(z.array(earlierSchema).max(20)).openapi({
      description: "Versions before `stable`, newest first.",
    }),
    strategy: optional(strategySchema),
    stage: optional(stageSchema),
    exposed_since_ms: optional(epochMs).openapi({
      description: "Since when the candidate has had traffic, epoch ms.",
    }),
    tier: optional(z.int().min(0).max(3)).openapi({
      description: "Importance of the service; 0 is the most important.",
    }),
    author: optional(id).openapi({
      description: "Who made the release. Never counts as the one who approves it.",
    }),
    change_set: optional(z.array(changeSchema).max(200)),
    config_diff: optional(z.array(configChangeSchema).max(200)),
    components: optional(z.array(componentSchema).max(100)).openapi({
      description: "Other services of the same release. `service` is the one that is judged.",
    }),
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
