/**
 * @module Settings of a pack: which policies are in force where, and with which parameters. They
 * are the base document `data.belay.settings`; `rego/belay/settings.rego` reads them.
 */

import { z } from "@hono/zod-openapi";
import type { JsonValue } from "../base/json.ts";

const json = z.json() as z.ZodType<JsonValue>;

const policySettings = z.strictObject({
  mode: z.enum(["enforce", "shadow", "off"]).optional(),
  params: z.record(z.string(), json).optional(),
});

const policies = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/), policySettings);

export const settingsSchema = z.strictObject({
  policies: policies.optional(),
  overrides: z
    .array(
      z.strictObject({
        match: z
          .strictObject({
            service: z.string().optional(),
            env: z.string().optional(),
            tier: z.int().min(0).max(3).optional(),
          })
          .refine((match) => Object.keys(match).length > 0, "match names no service, env or tier"),
        policies,
      }),
    )
    .max(1000)
    .optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The base document of a pack: settings under `belay`, anything else beside it. */
export const packDataSchema = z
  .looseObject({ belay: z.strictObject({ settings: settingsSchema.optional() }).optional() })
  .transform((data) => data as { belay?: { settings?: Settings } });
