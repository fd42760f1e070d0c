/** @module A human's answer to an escalation: bound to the plan, for a time, by name and role. */

import { BelayError } from "../../base/errors.ts";
import { breakGlassMsMax } from "../../decision/rollback/resolution.ts";
import type { Caller, ResolutionLeaf } from "../../log/entry.ts";
import { aboutSubject } from "../history/mark-subject.ts";
import { leafBase, type Recording } from "../leaf-maker.ts";
import { loadCarriedPlan } from "./carried-plan.ts";
import { describeRollback, type RollbackState } from "./rollback-state.ts";

export interface ResolutionCall {
  readonly choice: ResolutionLeaf["choice"];
  /** The plan that is agreed to; required for `rollback`. */
  readonly planId?: string;
  readonly role: string;
  readonly reason: string;
  /** An hour from now where absent, at most a day; in an emergency at most an hour. */
  readonly expiresMs?: number;
  readonly breakGlass: boolean;
  readonly caller: Caller;
}

const expiresMsDefault = 3_600_000;
const expiresMsMax = 86_400_000;

/**
 * Records the answer. It is one person's: how many have to agree depends on the tier.
 * @throws BelayError `decision-not-found`, `caller-unknown`, `plan-mismatch`, `nothing-to-resolve`,
 * `invalid-request`, `log-sealed`, `overloaded`
 */
export async function resolve(
  deps: Recording,
  id: string,
  call: ResolutionCall,
): Promise<RollbackState> {
  const nowMs = deps.clockMs();
  const carried = await loadCarriedPlan(deps.store, id, nowMs);
  const { decision, plan } = carried;
  if (call.caller.auth === "none") {
    throw new BelayError("caller-unknown", "an answer needs a name: say who you are");
  }
  const isAsked =
    decision.verdict === "escalate" || plan?.steps.some(({ action }) => action === "hold") === true;
  if (!isAsked) {
    const message = `the verdict is ${decision.verdict}: no human was asked`;
    throw new BelayError("nothing-to-resolve", message);
  }
  if (call.choice === "rollback" && (plan === undefined || call.planId !== plan.plan_id)) {
    const own = plan === undefined ? "has no plan" : `has the plan ${plan.plan_id}`;
    const message = `the decision ${own}, and ${call.planId ?? "no plan"} was agreed to`;
    throw new BelayError("plan-mismatch", message);
  }
  const leaf: ResolutionLeaf = {
    ...leafBase(deps.versions, nowMs, call.caller),
    kind: "resolution",
    decision: id,
    plan_id: plan?.plan_id ?? null,
    choice: call.choice,
    role: call.role,
    break_glass: call.breakGlass,
    expires: new Date(expiryOf(call, nowMs)).toISOString(),
    reason: call.reason,
  };
  await deps.store.append({ leaf, marks: [{ subject: aboutSubject(decision), value: "null" }] });
  return describeRollback(await loadCarriedPlan(deps.store, id, nowMs));
}

function expiryOf({ expiresMs, breakGlass }: ResolutionCall, nowMs: number): number {
  const latest = nowMs + (breakGlass ? breakGlassMsMax : expiresMsMax);
  const expiry = expiresMs ?? nowMs + expiresMsDefault;
  if (expiry > nowMs && expiry <= latest) return expiry;
  const message = `must lie between now and ${new Date(latest).toISOString()}`;
  throw new BelayError("invalid-request", "the answer cannot stand for so long", {
    issues: [{ pointer: "/expires_ms", message }],
  });
}
