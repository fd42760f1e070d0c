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

export interface ParameterProblem {
  /** Path below the settings document. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Holds the parameters that settings give against the defaults that the policies declare
 * (`default_params`): every name must exist there, with a value of the same JSON type.
 */
export function checkParameters(
  settings: Settings,
  defaults: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>,
): readonly ParameterProblem[] {
  const groups: [(string | number)[], Settings["policies"]][] = [[["policies"], settings.policies]];
  settings.overrides?.forEach((override, index) => {
    groups.push([["overrides", index, "policies"], override.policies]);
  });
  return groups.flatMap(([path, group]) =>
    Object.entries(group ?? {}).flatMap(([policy, { params }]) => {
      const declared = defaults[policy];
      if (declared === undefined) {
        const known = Object.keys(defaults).sort().join(", ");
        return [{ path: [...path, policy], message: `no policy of that name; there are ${known}` }];
      }
      return Object.entries(params ?? {}).flatMap(([name, value]) => {
        const problem = describeMismatch(declared, name, value);
        return problem === undefined
          ? []
          : [{ path: [...path, policy, "params", name], message: problem }];
      });
    }),
  );
}

function describeMismatch(
  declared: Readonly<Record<string, JsonValue>>,
  name: string,
  value: JsonValue,
): string | undefined {
  if (!Object.hasOwn(declared, name)) {
    return `no parameter of that name; there are ${Object.keys(declared).sort().join(", ")}`;
  }
  const wanted = jsonType(declared[name] as JsonValue);
  const given = jsonType(value);
  return wanted === given ? undefined : `must be ${wanted}, is ${given}`;
}

function jsonType(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
