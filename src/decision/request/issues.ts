/** @module What zod found wrong, in words for the one who wrote the request. */

import { z } from "@hono/zod-openapi";
import type { InputIssue } from "../../base/errors.ts";
import { pointerOf } from "../json-pointer.ts";
import { findNearest } from "./nearest.ts";
import { quote, showValue } from "./show-value.ts";

/** Names of zod's expected types, as they are said. */
const typeNames: Readonly<Record<string, string>> = {
  array: "an array",
  boolean: "true or false",
  int: "a whole number",
  null: "null",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a string",
};

/** An error map for `safeParse`: says what was expected and what was there. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.code === "invalid_type") {
    const expected = `expected ${typeNames[issue.expected] ?? issue.expected}`;
    if (issue.input === undefined) return `is required: ${expected}`;
    return `${expected}, found ${showValue(issue.input)}${hintAtStatus(issue.expected, issue.input)}`;
  }
  if (issue.code === "invalid_value") return describeValue(issue.values, issue.input);
  if (issue.code === "too_big") {
    return `expected at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}, found ${sizeOf(issue.input)}`;
  }
  if (issue.code === "too_small") {
    return `expected at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}, found ${sizeOf(issue.input)}`;
  }
  return `is not accepted here: ${showValue(issue.input)}`;
}

function describeValue(values: readonly unknown[], input: unknown): string {
  const words = values.map(String);
  const expected = `expected one of ${words.map((word) => `\`${word}\``).join(", ")}`;
  if (input === undefined) return `is required: ${expected}`;
  const meant = typeof input === "string" ? findNearest(input, words) : undefined;
  const hint = meant === undefined ? "" : `; did you mean \`${meant}\`?`;
  return `${expected}, found ${showValue(input)}${hint}`;
}

/** Providers say "NaN" where there is nothing to say; here that is a status, not a number. */
function hintAtStatus(expected: string, input: unknown): string {
  const isNumberText = typeof input === "string" && /^[+-]?(nan|inf(inity)?)$/i.test(input);
  return (expected === "number" || expected === "int") && isNumberText
    ? "; leave the value out and say so by `status`"
    : "";
}

function unitOf(origin: string, size: number | bigint): string {
  const plural = size === 1 ? "" : "s";
  if (origin === "array") return ` element${plural}`;
  return origin === "string" ? ` character${plural}` : "";
}

function sizeOf(input: unknown): string {
  return typeof input === "string" || Array.isArray(input) ? `${input.length}` : showValue(input);
}

/**
 * zod's issues as input issues, one for each place, at most `issuesMax`. A message comes from the
 * schema or from `describeIssue`; unknown keys are named here, where their neighbours are known.
 */
export function translateIssues(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  issuesMax: number,
): InputIssue[] {
  const translated: InputIssue[] = [];
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") {
      translated.push({ pointer: pointerOf(issue.path), message: issue.message });
      continue;
    }
    const parent = findSchema(schema, issue.path);
    for (const key of issue.keys.slice(0, issuesMax)) {
      const message = describeUnknownKey(key, parent);
      translated.push({ pointer: pointerOf([...issue.path, key]), message });
    }
  }
  return translated.slice(0, issuesMax);
}

function describeUnknownKey(key: string, parent: z.ZodType | undefined): string {
  const unknown = `unknown key ${quote(key)}`;
  if (!(parent instanceof z.ZodObject)) return unknown;
  const shape = parent.shape as Record<string, z.ZodType>;
  const nearest = findNearest(key, Object.keys(shape));
  if (nearest !== undefined) return `${unknown}; did you mean \`${nearest}\`?`;
  const home = Object.entries(shape).find(([, member]) => {
    const inner = unwrap(member);
    return inner instanceof z.ZodObject && Object.hasOwn(inner.shape, key);
  });
  return home === undefined ? unknown : `${unknown}; it belongs in \`${home[0]}\``;
}

function findSchema(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const token of path) {
    if (current instanceof z.ZodObject) {
      const member: unknown = (current.shape as Record<PropertyKey, unknown>)[token];
      current = member instanceof z.ZodType ? unwrap(member) : undefined;
    } else if (current instanceof z.ZodArray) {
      current = unwrap(current.element as z.ZodType);
    } else return undefined;
  }
  return current;
}

/** The schema under its optional, default and nullable wrappers. */
function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodNullable ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault
  ) {
    current = current.unwrap() as z.ZodType;
  }
  return current;
}
