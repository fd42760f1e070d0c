/** @module What the bundle answered, parsed: a bundle is content from outside like any other. */

import { z } from "@hono/zod-openapi";
import { type Answer, answerSchema } from "../answer.ts";
import { pointerOf } from "../json-pointer.ts";
import { findJsonViolation, type JsonLimits } from "../json-violation.ts";
import { toLine } from "./line.ts";

export type ParsedAnswer =
  | { readonly ok: true; readonly answer: Answer }
  /** Why nothing can be concluded from it, in one line. */
  | { readonly ok: false; readonly problem: string };

const limits: JsonLimits = { depthMax: 64, nodesMax: 200_000, childrenMax: 20_000 };

/** Generated code, for speed: every decision is read with it. */
const compiledSchema = z.compile(answerSchema, { strict: true });

/** Places of a malformed answer that are named. */
const placesMax = 3;

export function parseAnswer(raw: unknown): ParsedAnswer {
  if (raw === undefined) return { ok: false, problem: "the bundle gave no answer" };
  const violation = findJsonViolation(raw, limits);
  if (violation !== undefined) return malformed([`${violation.pointer} ${violation.message}`]);
  const parsed = compiledSchema.safeParse(raw);
  if (!parsed.success) {
    return malformed(
      parsed.error.issues.map(({ path, message }) => `${pointerOf(path)} ${message}`),
    );
  }
  const contradictions = findContradictions(parsed.data);
  return contradictions.length > 0 ? malformed(contradictions) : { ok: true, answer: parsed.data };
}

/**
 * Whatever a bundle's own combination of findings says: no rollback without a regression, and no
 * `allow` in the face of one, or of a policy that failed.
 */
function findContradictions(answer: Answer): string[] {
  const { verdict, code, level, findings, errors } = answer;
  const hasRegression = findings.some(({ kind, counted }) => counted && kind === "regression");
  const isError = verdict === "escalate" && code === "POLICY_ERROR";
  const rules: readonly (readonly [holds: boolean, message: string])[] = [
    [(verdict === "escalate") === (level !== undefined), "`level` belongs to `escalate`"],
    [
      answer.retry_after_ms === undefined || level === "wait",
      "`retry_after_ms` belongs to level `wait`",
    ],
    [errors.length === 0 || isError, "policies failed, and the code is not `POLICY_ERROR`"],
    [verdict !== "rollback" || hasRegression, "`rollback` without a regression"],
    [verdict !== "allow" || !hasRegression, "`allow` in the face of a regression"],
  ];
  return rules.filter(([holds]) => !holds).map(([, message]) => message);
}

function malformed(places: readonly string[]): ParsedAnswer {
  const more = places.length > placesMax ? ` and ${places.length - placesMax} more` : "";
  const named = places.slice(0, placesMax).map((place) => toLine(place, 150));
  return { ok: false, problem: `the bundle's answer is malformed: ${named.join("; ")}${more}` };
}
