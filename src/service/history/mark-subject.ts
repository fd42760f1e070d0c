/** @module What the marks of the record are about, and what a lease is for: names to find them by. */

import type { Decision } from "../../decision/decision.ts";
import type { DecisionRequest } from "../../decision/request.ts";

type Release = Pick<DecisionRequest["release"], "service" | "env" | "id" | "candidate">;

/** One roll-out: what was said of it before. */
export function rolloutSubject({ service, env, id, candidate }: Release): string {
  return nameOf("rollout", env, service, id ?? candidate.digest ?? candidate.version);
}

/** One service: its rollbacks. */
export function rollbacksSubject({ service, env }: Pick<Release, "service" | "env">): string {
  return nameOf("rollbacks", env, service);
}

/** One environment: where regressions were lately found. */
export function regressionsSubject(env: string | undefined): string {
  return nameOf("regressions", env);
}

/** What a plan has to have for itself while it is carried out. */
export function rollbackScope({ service, env }: Pick<Release, "service" | "env">): string {
  return nameOf("rollback", env, service);
}

/** A plan, whichever decision asked for it; else the decision itself. */
export function aboutSubject({ plan, provenance }: Pick<Decision, "plan" | "provenance">): string {
  return planSubject(plan?.plan_id ?? provenance.decision_id);
}

export function planSubject(id: string): string {
  return nameOf("about", id);
}

function nameOf(kind: string, ...parts: readonly (string | undefined)[]): string {
  return JSON.stringify([kind, ...parts.map((part) => part ?? null)]);
}
