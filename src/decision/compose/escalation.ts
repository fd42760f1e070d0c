/** @module What a human is asked, and between what the human may choose. */

import type { Escalation } from "../decision.ts";
import { toLine } from "./line.ts";
import { findMainReason, type Outcome } from "./outcome.ts";
import { describeWhy } from "./summary.ts";
import { durationOf } from "./validity.ts";

const questionLengthMax = 500;
/** Of a service or a version: the reason needs room too. */
const nameLengthMax = 60;
const hazardLengthMax = 200;

/** Undefined unless the verdict is `escalate`. */
export function createEscalation(outcome: Outcome): Escalation | undefined {
  const { level } = outcome;
  if (level === undefined) return undefined;
  const question = `${describeDoubt(outcome)} ${describeWhy(outcome)}`;
  return {
    level,
    question: toLine(question, questionLengthMax),
    options: createOptions(outcome),
    to: listAsked(outcome),
    timeout_s: Math.ceil(durationOf(outcome) / 1_000),
    // An action nobody agreed to is not one: what is in place stays.
    on_timeout: "hold",
  };
}

/** Roles that have to agree, then owners of what would go back; each once. */
function listAsked({ input, plan }: Outcome): string[] {
  const services = new Set(plan?.scope.services ?? [input.release.service]);
  const owners = (input.topology?.nodes ?? []).flatMap(({ service, owner }) =>
    services.has(service) && owner !== undefined ? [owner] : [],
  );
  const roles = (input.approvals?.required ?? []).map(({ role }) => role);
  return [...new Set([...roles, ...owners])];
}

function describeDoubt(outcome: Outcome): string {
  const { release, request } = outcome.input;
  const version = toLine(release.candidate.version, nameLengthMax);
  const service = toLine(release.service, nameLengthMax);
  const what = `${version} of ${service}`;
  if (outcome.code === "POLICY_ERROR") return `Is ${what} all right? It could not be judged:`;
  if (outcome.code === "NO_ROLLBACK_TARGET") {
    return `What shall replace ${what}? It should be rolled back, and the request names neither a version nor a digest to go back to, nor a flag to turn off:`;
  }
  if (outcome.code === "PLAN_UNSAFE_STATE") {
    const why = toLine(outcome.plan?.hazards[0]?.why ?? "", hazardLengthMax);
    return `Shall ${what} be rolled back, although on the way ${why}?`;
  }
  if (request.question === "verify") return `Has ${service} recovered from ${version}?`;
  const kind = findMainReason(outcome)?.kind;
  if (kind === "hold") return `May ${what} go on?`;
  if (kind === "regression" || kind === "unsafe") {
    return `Shall ${what} be rolled back, although that may do harm?`;
  }
  return `Is ${what} all right? There is not enough evidence:`;
}

function createOptions({ input, plan, level, retryAfterMs }: Outcome): Escalation["options"] {
  const version = toLine(input.release.candidate.version, nameLengthMax);
  const again =
    level === "wait" && retryAfterMs !== undefined
      ? `ask again in ${Math.ceil(retryAfterMs / 1_000)} s`
      : "decide later";
  return [
    { choice: "hold", text: `leave ${version} at its present stage and ${again}` },
    { choice: "proceed", text: `go on with ${version}` },
    ...(plan === undefined
      ? []
      : [{ choice: "rollback" as const, text: `carry out the plan ${plan.plan_id}` }]),
  ];
}
