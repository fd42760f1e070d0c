/** @module A step of a plan that was started, has succeeded or failed: taken once, and in order. */

import { sha256Hex } from "../../base/digest.ts";
import { BelayError } from "../../base/errors.ts";
import type { NormalisedInput } from "../../decision/normalise.ts";
import type { Plan } from "../../decision/plan/plan-schema.ts";
import { foldProgress, judgeReport, type StepReport } from "../../decision/rollback/progress.ts";
import { isOfRelease } from "../../decision/signal-identity.ts";
import type { Caller, StepLeaf } from "../../log/entry.ts";
import type { AppendRequest, Mark } from "../../store/record-store.ts";
import { fileFact, type RollbackLease, readFact } from "../history/filed-fact.ts";
import { aboutSubject, rollbackScope, rollbacksSubject } from "../history/mark-subject.ts";
import { leafBase, type Recording } from "../leaf-maker.ts";
import { type CarriedPlan, expectPlan, loadCarriedPlan } from "./carried-plan.ts";
import { describeRollback, type RollbackState } from "./rollback-state.ts";
import { endedMark, expiryOfLease } from "./run.ts";

export interface StepCall {
  readonly step: string;
  readonly state: StepReport["state"];
  /** The one that is due where absent. */
  readonly attempt?: number;
  readonly detail?: string;
  readonly caller: Caller;
}

/**
 * Records what `call` says, and answers with what may be done next. What is on record already is
 * answered the same way and written no second time.
 * @throws BelayError `decision-not-found`, `plan-not-found`, `step-not-found`, `step-out-of-order`,
 * `decision-expired`, `approval-missing`, `plan-held`, `log-sealed`, `overloaded`
 */
export async function reportStep(
  deps: Recording,
  id: string,
  call: StepCall,
): Promise<RollbackState> {
  const nowMs = deps.clockMs();
  const carried = expectPlan(await loadCarriedPlan(deps.store, id, nowMs));
  const { plan, reports, progress } = carried;
  const due = progress.steps.find((one) => one.id === call.step)?.attempt ?? 1;
  const report = { step: call.step, state: call.state, attempt: call.attempt ?? due };
  const judged = judgeReport(plan, reports, report, nowMs);
  if (judged.outcome === "refused") throw new BelayError(judged.code, judged.message);
  if (judged.outcome === "repeated") return describeRollback(carried, { repeated: true });
  if (report.state === "started" && progress.why !== undefined) {
    throw new BelayError("step-out-of-order", `the plan has halted: ${progress.why}`);
  }
  expectPermission(carried, report, nowMs);

  const after = [...reports, { ...report, at_ms: nowMs }];
  const appended = await deps.store.append(appendOf(deps, { carried, report, call, nowMs, after }));
  if (appended.outcome === "lease-held") {
    const { holder } = appended.lease;
    const { plan_id: heldBy, holder: name } = readFact.lease(appended.lease.value);
    throw new BelayError(
      "plan-held",
      `${name ?? "somebody"} carries out another plan for ${carried.input.release.service}: ${holder}`,
      { extra: { plan_id: heldBy, holder: name } },
    );
  }
  const isNew = appended.outcome === "appended";
  return describeRollback(await loadCarriedPlan(deps.store, id, nowMs), { repeated: !isNew });
}

/** Whether it may begin at all, and whether a human has agreed where one has to. */
function expectPermission(
  { decision, resolved, reports, plan }: CarriedPlan & { readonly plan: Plan },
  { step: stepId, state }: Pick<StepReport, "step" | "state">,
  nowMs: number,
): void {
  const isAgreed = resolved.choice === "rollback";
  const isFirst = reports.length === 0;
  if (decision.verdict !== "rollback" && !isAgreed) {
    throw approvalMissing(`the verdict is ${decision.verdict}`, resolved.missing);
  }
  if (isFirst && !isAgreed && nowMs >= decision.validity.expires_at_ms) {
    const until = new Date(decision.validity.expires_at_ms).toISOString();
    throw new BelayError("decision-expired", `the decision was good until ${until}; ask again`);
  }
  const step = plan.steps.find(({ id }) => id === stepId);
  if (step?.action === "hold" && state === "succeeded" && !isAgreed) {
    throw approvalMissing(`step \`${stepId}\` waits for a human`, resolved.missing);
  }
}

function approvalMissing(what: string, missing = "they chose otherwise"): BelayError {
  return new BelayError(
    "approval-missing",
    `${what}, and nobody has agreed to roll back: ${missing}`,
  );
}

interface Reporting {
  readonly carried: CarriedPlan & { readonly plan: Plan };
  readonly report: Omit<StepReport, "at_ms">;
  readonly call: StepCall;
  readonly nowMs: number;
  /** The reports there will be. */
  readonly after: readonly StepReport[];
}

function appendOf(
  { versions }: Recording,
  { carried, report, call, nowMs, after }: Reporting,
): AppendRequest {
  const { decision, input, plan, lease, reports } = carried;
  const { decision_id: id } = decision.provenance;
  const base = leafBase(versions, nowMs, call.caller);
  const leaf: StepLeaf = {
    ...base,
    kind: "step",
    decision: id,
    plan_id: plan.plan_id,
    ...report,
    detail: call.detail ?? "",
  };
  const progress = foldProgress(plan, after, nowMs);
  const isFirst = reports.length === 0;
  const marks: Mark[] = [{ subject: aboutSubject(decision), value: "null" }];
  const subject = rollbacksSubject(input.release);
  if (isFirst) marks.push({ subject, value: fileFact(beganOf(carried, nowMs)) });
  if (progress.state === "halted") {
    const run = { beganAtMs: lease?.takenAtMs ?? nowMs, nowMs };
    marks.push({ subject, value: fileFact(endedMark(plan.plan_id, run, "failed")) });
  }
  const run = lease === undefined ? id : String(lease.takenAtMs);
  const once = ["step", plan.plan_id, run, report.step, String(report.attempt), report.state];
  return {
    leaf,
    marks,
    idempotency: { key: once.join(" "), requestSha256: sha256Hex(once.join(" ")) },
    lease: {
      action: "take",
      scope: rollbackScope(input.release),
      holder: plan.plan_id,
      value: fileFact(leaseOf(carried, call.caller, nowMs)),
      nowMs,
      expiresAtMs: expiryOfLease(progress, nowMs),
      beginsAnew: lease === undefined,
    },
  };
}

function beganOf(
  { decision, input: { release }, plan }: CarriedPlan & { readonly plan: Plan },
  nowMs: number,
) {
  const { digest } = plan.target ?? {};
  return {
    event: "began" as const,
    plan_id: plan.plan_id,
    service: release.service,
    release: release.id ?? release.candidate.version,
    ...(release.candidate.digest === undefined ? {} : { from_digest: release.candidate.digest }),
    ...(digest === undefined ? {} : { to_digest: digest }),
    at_ms: nowMs,
    decision_id: decision.provenance.decision_id,
  };
}

function leaseOf(
  { decision, input, plan, lease }: CarriedPlan & { readonly plan: Plan },
  caller: Caller,
  nowMs: number,
): RollbackLease {
  const { candidate } = input.release;
  return {
    plan_id: plan.plan_id,
    holder: caller.subject,
    started_at_ms: lease?.takenAtMs ?? nowMs,
    decision_id: decision.provenance.decision_id,
    candidate_version: candidate.version,
    ...(candidate.digest === undefined ? {} : { candidate_digest: candidate.digest }),
    deadline_ms: deadlineOf(decision, nowMs),
    before: measuredBefore(input),
    plan,
  };
}

/** Until when it has to have recovered. */
function deadlineOf({ verification }: CarriedPlan["decision"], nowMs: number): number {
  return Math.max(nowMs, verification?.deadline_ms ?? nowMs + 900_000);
}

const beforeMax = 200;

/** What the candidate showed when it was decided to go back: what recovery is measured against. */
function measuredBefore({ health }: NormalisedInput): NonNullable<RollbackLease["before"]> {
  return health.signals
    .filter((signal) => signal.status === "ok" && isOfRelease(signal))
    .slice(0, beforeMax)
    .map(({ id, service, bad, total, value }) => ({
      signal: id,
      service,
      ...(bad === undefined || total === undefined ? {} : { bad, total }),
      ...(value === undefined || value === null ? {} : { value }),
    }));
}
