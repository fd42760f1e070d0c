/**
 * @module Whether a rollback has worked: the health after it, judged by the rules in force as a
 * decision of its own, and what that means for the plan.
 */

import { BelayError } from "../../base/errors.ts";
import type { Decision } from "../../decision/decision.ts";
import type { Caller, VerificationLeaf } from "../../log/entry.ts";
import type { LeaseRequest, Mark } from "../../store/record-store.ts";
import type { RecordedDecision } from "../belay.ts";
import { type DecideDependencies, decide } from "../decide.ts";
import { fileFact } from "../history/filed-fact.ts";
import { aboutSubject, rollbackScope, rollbacksSubject } from "../history/mark-subject.ts";
import { leafBase } from "../leaf-maker.ts";
import { expectPlan, loadCarriedPlan } from "./carried-plan.ts";
import { describeRollback, type RollbackState } from "./rollback-state.ts";
import { endedMark } from "./run.ts";

export interface VerificationCall {
  /** A health snapshot, as in a request: untrusted. */
  readonly health: unknown;
  readonly caller: Caller;
}

export interface VerifiedRollback {
  readonly outcome: VerificationLeaf["outcome"];
  /** The decision that judged the health. */
  readonly judged: RecordedDecision;
  readonly rollback: RollbackState;
}

/**
 * Judges `call.health` after the plan of decision `id`. The plan is closed when the service has
 * recovered and every step is through.
 * @throws BelayError `decision-not-found`, `plan-not-found`, `step-out-of-order`, and as `decide`
 */
export async function verifyRollback(
  deps: DecideDependencies,
  id: string,
  call: VerificationCall,
): Promise<VerifiedRollback> {
  const carried = expectPlan(await loadCarriedPlan(deps.store, id, deps.clockMs()));
  if (carried.lease === undefined) {
    throw new BelayError("step-out-of-order", "nothing of the plan is being carried out");
  }
  const { release, topology } = carried.input;
  const judged = await decide(deps, {
    request: {
      // Until when it has to have recovered is in the history: the plan's own deadline.
      request: { question: "verify" },
      release,
      ...(topology === undefined ? {} : { topology }),
      health: call.health,
    },
    caller: call.caller,
  });
  const outcome = outcomeOf(judged.decision);
  const nowMs = judged.decision.validity.decided_at_ms;
  const leaf: VerificationLeaf = {
    ...leafBase(deps.versions, nowMs, call.caller),
    kind: "verification",
    decision: id,
    plan_id: carried.plan.plan_id,
    judged_by: judged.decision.provenance.decision_id,
    outcome,
  };
  await deps.store.append({ leaf, ...consequencesOf(carried, outcome, nowMs) });
  const rollback = describeRollback(await loadCarriedPlan(deps.store, id, nowMs));
  return { outcome, judged, rollback };
}

/** The verdict on the question `verify`: allow is recovered, and only `wait` is not yet. */
function outcomeOf({ verdict, escalation }: Decision): VerificationLeaf["outcome"] {
  if (verdict === "allow") return "recovered";
  return escalation?.level === "wait" ? "not_yet" : "not_recovered";
}

function consequencesOf(
  { decision, input, plan, progress, lease }: ReturnType<typeof expectPlan>,
  outcome: VerificationLeaf["outcome"],
  nowMs: number,
): { readonly marks: readonly Mark[]; readonly lease?: LeaseRequest } {
  const about: Mark = { subject: aboutSubject(decision), value: "null" };
  const isClosed = outcome === "recovered" && progress.state === "done";
  if (!isClosed && outcome !== "not_recovered") return { marks: [about] };
  const result = isClosed ? "succeeded" : "failed";
  const run = { beganAtMs: lease?.takenAtMs ?? nowMs, nowMs };
  const ended = endedMark(plan.plan_id, run, result);
  const marks = [about, { subject: rollbacksSubject(input.release), value: fileFact(ended) }];
  const scope = rollbackScope(input.release);
  return isClosed
    ? { marks, lease: { action: "release", scope, holder: plan.plan_id } }
    : { marks };
}
