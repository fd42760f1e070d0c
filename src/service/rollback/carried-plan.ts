/**
 * @module A plan as the record has it: the decision that made it, what was reported of it, who
 * agreed to it, and how far it has come. Nothing is kept in memory: any process can go on with it.
 */

import { BelayError } from "../../base/errors.ts";
import type { Decision } from "../../decision/decision.ts";
import type { NormalisedInput } from "../../decision/normalise.ts";
import type { Plan } from "../../decision/plan/plan-schema.ts";
import { foldProgress, type Progress, type StepReport } from "../../decision/rollback/progress.ts";
import {
  countResolutions,
  type GivenResolution,
  type Resolved,
} from "../../decision/rollback/resolution.ts";
import type { Leaf, VerificationLeaf } from "../../log/entry.ts";
import type { Lease, RecordReader } from "../../store/record-store.ts";
import { aboutSubject, rollbackScope } from "../history/mark-subject.ts";
import { loadDecisionEntry } from "../replay.ts";
import { followRun, isForgotten, loadLeavesAbout } from "./run.ts";

export interface CarriedPlan {
  readonly decision: Decision;
  readonly input: NormalisedInput;
  readonly plan: Plan | undefined;
  /** Of the run under way; of an earlier run of the same plan there are none. */
  readonly reports: readonly StepReport[];
  /** Absent where there is no plan. */
  readonly progress: Progress | undefined;
  readonly resolved: Resolved;
  /** Newest first, of every run. */
  readonly verifications: readonly VerificationLeaf[];
  /** Of the run under way: held by this plan. */
  readonly lease: Lease | undefined;
}

/** @throws BelayError `decision-not-found` */
export async function loadCarriedPlan(
  reader: RecordReader,
  id: string,
  nowMs: number,
): Promise<CarriedPlan> {
  const { body } = await loadDecisionEntry(reader, id);
  const decision = JSON.parse(body.decision) as Decision;
  const input = JSON.parse(body.input) as NormalisedInput;
  const { plan } = decision;
  const [leaves, lease] = await Promise.all([
    loadLeavesAbout(reader, aboutSubject(decision)),
    reader.findLease(rollbackScope(input.release)),
  ]);
  const own = lease?.holder === plan?.plan_id ? lease : undefined;
  const resolutions = listResolutions(leaves);
  const resolved = countResolutions(resolutions, rulesOf(decision, input), nowMs);
  const run =
    plan === undefined || own === undefined
      ? undefined
      : followRun(plan, leaves, own.takenAtMs, nowMs);
  const isOver =
    own === undefined ||
    run === undefined ||
    isForgotten(own, nowMs) ||
    (run.progress.state === "done" && nowMs >= own.expiresAtMs) ||
    (run.progress.state === "halted" && hasBeenAskedAgain(resolved, resolutions, run.lastEventMs));
  const fresh = plan === undefined ? undefined : foldProgress(plan, [], nowMs);
  return {
    decision,
    input,
    plan,
    reports: isOver ? [] : run.reports,
    progress: isOver ? fresh : run.progress,
    resolved,
    verifications: leaves.filter((leaf) => leaf.kind === "verification"),
    lease: isOver ? undefined : own,
  };
}

/** @throws BelayError `plan-not-found` */
export function expectPlan(carried: CarriedPlan): CarriedPlan & {
  readonly plan: Plan;
  readonly progress: Progress;
} {
  const { plan, progress, decision } = carried;
  if (plan !== undefined && progress !== undefined) return { ...carried, plan, progress };
  const { decision_id: id } = decision.provenance;
  throw new BelayError("plan-not-found", `decision \`${id}\` (${decision.verdict}) has no plan`);
}

/** Whether people have agreed, after the last that happened to a halted plan, to begin it anew. */
function hasBeenAskedAgain(
  { choice }: Resolved,
  resolutions: readonly GivenResolution[],
  lastEventMs: number,
): boolean {
  return choice === "rollback" && resolutions.some(({ at_ms: atMs }) => atMs > lastEventMs);
}

/** Oldest first. */
function listResolutions(leaves: readonly Leaf[]): GivenResolution[] {
  return leaves
    .filter((leaf) => leaf.kind === "resolution")
    .toReversed()
    .map(({ choice, caller, role, break_glass, time, expires }) => ({
      choice,
      subject: caller.subject,
      role,
      break_glass,
      at_ms: Date.parse(time),
      expires_ms: Date.parse(expires),
    }));
}

/** Two people for the tiers that the policy `governance` names; for tier 0 where it is not there. */
function rulesOf(
  { params_used: used }: Decision,
  { release }: NormalisedInput,
): { readonly peopleMin: number; readonly author: string | undefined } {
  const named = used["governance"]?.["two_person_tiers"];
  const tiers = Array.isArray(named) ? named : [0];
  const peopleMin = release.tier !== undefined && tiers.includes(release.tier) ? 2 : 1;
  return { peopleMin, author: release.author };
}
