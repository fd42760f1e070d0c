/**
 * @module Parameters of policies: what a policy declares beside its rules (`default_params`, and the
 * limits of each in `param_limits`), and whether what the settings of a pack give keeps to it.
 */

import { z } from "@hono/zod-openapi";
import type { JsonValue } from "../base/json.ts";
import type { Settings } from "./settings.ts";

/** Limits of one parameter. All that are named hold together. */
const limitsSchema = z.strictObject({
  /** Inclusive bounds of a number, or of each number of an array. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Exclusive lower bound. */
  above: z.number().optional(),
  integer: z.literal(true).optional(),
  /** What a string, or each string of an array, may be. */
  one_of: z.array(z.union([z.string(), z.number()])).optional(),
  /** What each element of an array has to be. */
  items: z.enum(["string", "number"]).optional(),
});

export type ParameterLimits = z.infer<typeof limitsSchema>;

const declaredSchema = z.object({
  defaults: z.record(z.string(), z.json() as z.ZodType<JsonValue>),
  limits: z.record(z.string(), limitsSchema),
});

/** What one policy declares. A parameter without limits may be anything of its default's type. */
export type DeclaredParameters = z.infer<typeof declaredSchema>;

export interface ParameterProblem {
  /** Path below the settings document. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Reads what a policy declares, from `{defaults, limits}` as the two rules evaluate. The answer is a
 * text where it is wrong: a limit that no parameter has, a default outside its own limits.
 */
export function parseDeclared(raw: unknown): DeclaredParameters | string {
  const parsed = declaredSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [where = "", ...path] = issue?.path.map(String) ?? [];
    const rule = where === "limits" ? "param_limits" : "default_params";
    return `\`${[rule, ...path].join(".")}\`: ${issue?.message ?? "cannot be read"}`;
  }
  const { defaults, limits } = parsed.data;
  for (const [name, limit] of Object.entries(limits)) {
    const value = defaults[name];
    if (value === undefined) return `\`param_limits.${name}\`: no parameter of that name`;
    const problem = describeExcess(limit, value);
    if (problem !== undefined) return `\`default_params.${name}\`: ${problem}`;
  }
  return parsed.data;
}

/**
 * Holds the parameters that settings give against those that the policies declare: every name must
 * exist there, with a value of the same JSON type, within its limits.
 */
export function checkParameters(
  settings: Settings,
  declared: Readonly<Record<string, DeclaredParameters>>,
): readonly ParameterProblem[] {
  const groups: [(string | number)[], Settings["policies"]][] = [[["policies"], settings.policies]];
  settings.overrides?.forEach((override, index) => {
    groups.push([["overrides", index, "policies"], override.policies]);
  });
  return groups.flatMap(([path, group]) =>
    Object.entries(group ?? {}).flatMap(([policy, { params }]) => {
      const own = declared[policy];
      if (own === undefined) {
        const known = Object.keys(declared).sort().join(", ");
        return [{ path: [...path, policy], message: `no policy of that name; there are ${known}` }];
      }
      return Object.entries(params ?? {}).flatMap(([name, value]) => {
        const message = describeMismatch(own, name, value);
        return message === undefined ? [] : [{ path: [...path, policy, "params", name], message }];
      });
    }),
  );
}

function describeMismatch(
  { defaults, limits }: DeclaredParameters,
  name: string,
  value: JsonValue,
): string | undefined {
  if (!Object.hasOwn(defaults, name)) {
    return `no parameter of that name; there are ${Object.keys(defaults).sort().join(", ")}`;
  }
  const wanted = jsonType(defaults[name] as JsonValue);
  const given = jsonType(value);
  if (wanted !== given) return `must be ${wanted}, is ${given}`;
  return describeExcess(limits[name] ?? {}, value);
}

/** What is wrong with `value`, or with an element of it, by `limits`. */
function describeExcess(limits: ParameterLimits, value: JsonValue): string | undefined {
  if (!Array.isArray(value)) return describeOne(limits, value);
  for (const [index, element] of value.entries()) {
    const isRight = limits.items === undefined || typeof element === limits.items;
    const problem = isRight
      ? describeOne(limits, element as JsonValue)
      : `must be a ${limits.items}`;
    if (problem !== undefined) return `element ${index} ${problem}`;
  }
  return undefined;
}

function describeOne(limits: ParameterLimits, value: JsonValue): string | undefined {
  const { min, max, above, integer, one_of: oneOf } = limits;
  if (oneOf !== undefined && !oneOf.some((allowed) => allowed === value)) {
    return `must be one of ${oneOf.join(", ")}, is ${JSON.stringify(value)}`;
  }
  if (typeof value !== "number") return undefined;
  if (integer === true && !Number.isInteger(value)) return `must be a whole number, is ${value}`;
  if (min !== undefined && value < min) return `must be at least ${min}, is ${value}`;
  if (above !== undefined && value <= above) return `must be above ${above}, is ${value}`;
  if (max !== undefined && value > max) return `must be at most ${max}, is ${value}`;
  return undefined;
}

function jsonType(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
