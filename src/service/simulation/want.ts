/** @module Holds what came of one event against what was wanted. */

import type { BelayError } from "../../base/errors.ts";
import type { Decision } from "../../decision/decision.ts";
import type { Plan } from "../../decision/plan/plan-schema.ts";
import type { RollbackState } from "../rollback/rollback-state.ts";
import type { Want } from "./drill.ts";

/** What came of one event. */
export interface Came {
  readonly decision?: Decision;
  readonly repeated?: boolean;
  readonly outcome?: string;
  readonly rollback?: RollbackState;
  readonly refusal?: BelayError;
}

/** Lines `what: want …, got …`. A refusal that nobody wanted is one. */
export function compareWithWant(
  want: Want | undefined,
  came: Came,
  planOf: (release: string) => Plan | undefined,
): readonly string[] {
  const { refusal } = came;
  if (refusal !== undefined && want?.refused === undefined) {
    return [`refused: want none, got ${refusal.code}: ${describeRefusal(refusal)}`];
  }
  if (want === undefined) return [];
  const got = readCame(came);
  const single = (["verdict", "code", "level", "outcome", "state", "resolved"] as const).flatMap(
    (member) => differ(member, want[member], got[member]),
  );
  const { decision } = came;
  const codes = (decision?.reasons ?? []).filter(({ counted }) => counted).map(({ code }) => code);
  return [
    ...single,
    ...differ("refused", want.refused, refusal?.code),
    ...differ("repeated", text(want.repeated), text(came.repeated)),
    ...differ("data_loss", want.data_loss, decision?.plan?.data_loss),
    ...differ("next", want.next?.join(", "), came.rollback?.next.join(", ")),
    ...differ("plan", want.plan?.join(", "), describePlan(decision?.plan)),
    ...differ(
      "same_plan_as",
      want.same_plan_as === undefined ? undefined : (planOf(want.same_plan_as)?.plan_id ?? "none"),
      decision?.plan?.plan_id,
    ),
    ...(want.reasons ?? []).filter((code) => !codes.includes(code)).map(lacks(codes)),
    ...(want.no_reasons ?? [])
      .filter((code) => codes.includes(code))
      .map((code) => `reasons: want no ${code}, got ${codes.join(", ")}`),
    ...findUnsaid(want.says, came),
  ];
}

/** The message of a refusal, with the places of the request that are wrong. */
export function describeRefusal({ message, issues }: BelayError): string {
  const places = issues.map((issue) => `${issue.pointer} ${issue.message}`);
  return [message, ...places].join("; ");
}

function readCame({ decision, outcome, rollback }: Came) {
  return {
    verdict: decision?.verdict,
    code: decision?.code,
    level: decision?.escalation?.level,
    outcome,
    state: rollback?.state,
    resolved: rollback === undefined ? undefined : (rollback.resolved.choice ?? "none"),
  };
}

function describePlan(plan: Plan | undefined): string {
  return (plan?.steps ?? []).map(({ id, service }) => `${id} ${service}`).join(", ");
}

function lacks(codes: readonly string[]): (code: string) => string {
  const got = codes.length === 0 ? "none" : codes.join(", ");
  return (code) => `reasons: want ${code}, got ${got}`;
}

function findUnsaid(says: string | undefined, { decision, rollback, refusal }: Came): string[] {
  if (says === undefined) return [];
  const said = [
    ...(decision === undefined ? [] : [decision.summary]),
    ...(rollback?.why === undefined ? [] : [rollback.why]),
    ...(rollback?.resolved.missing === undefined ? [] : [rollback.resolved.missing]),
    ...(refusal === undefined ? [] : [describeRefusal(refusal)]),
  ];
  return said.some((line) => line.includes(says))
    ? []
    : [`says: want \`${says}\`, got \`${said.join("`, `")}\``];
}

function differ(what: string, want: string | undefined, got: string | undefined): string[] {
  if (want === undefined || want === got) return [];
  const named = (value: string | undefined) =>
    value === undefined || value === "" ? "none" : value;
  return named(want) === named(got) ? [] : [`${what}: want ${named(want)}, got ${named(got)}`];
}

function text(flag: boolean | undefined): string | undefined {
  return flag === undefined ? undefined : String(flag);
}
