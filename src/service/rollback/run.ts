/**
 * @module Runs of a plan: from its first report until it is closed. The lease says when a run began,
 * for how long its holder stands in the way of others, and when nobody remembers it.
 */

import type { Plan } from "../../decision/plan/plan-schema.ts";
import { foldProgress, type Progress, type StepReport } from "../../decision/rollback/progress.ts";
import type { Leaf } from "../../log/entry.ts";
import type { Lease, RecordReader } from "../../store/record-store.ts";
import type { RollbackMark } from "../history/filed-fact.ts";

/** Between two steps a holder may take so long before it counts as gone. */
export const betweenStepsMs = 300_000;

/** After this a run that came to no end does not stand for the next one of the same plan. */
const rememberedMs = 24 * 3_600_000;

export function isForgotten({ expiresAtMs }: Lease, nowMs: number): boolean {
  return nowMs >= expiresAtMs + rememberedMs;
}

/**
 * Until when a holder that has just reported may be silent: while its steps may run, and a while
 * between two of them.
 */
export function expiryOfLease({ steps }: Progress, nowMs: number): number {
  return Math.max(nowMs + betweenStepsMs, ...steps.map((step) => step.deadline_ms ?? 0));
}

/** What is on record about a plan, newest first; a plan has far fewer entries than are read. */
export async function loadLeavesAbout(
  reader: RecordReader,
  subject: string,
): Promise<readonly Leaf[]> {
  const entries = await reader.listEntries({ subject, limit: 1_000 });
  return entries.map((entry) => entry.leaf);
}

/** How a run of a plan ended, as the record files it. */
export function endedMark(
  planId: string,
  run: { readonly beganAtMs: number; readonly nowMs: number },
  result: "succeeded" | "failed",
): RollbackMark {
  return {
    event: "ended",
    plan_id: planId,
    result,
    duration_s: (run.nowMs - run.beganAtMs) / 1_000,
  };
}

export interface Run {
  readonly reports: readonly StepReport[];
  readonly progress: Progress;
  /** When something last happened to it: a report, a verification, or a deadline that passed. */
  readonly lastEventMs: number;
}

/** The run of `plan` that began at `sinceMs`. `leaves`: those about the plan, newest first. */
export function followRun(
  plan: Pick<Plan, "steps">,
  leaves: readonly Leaf[],
  sinceMs: number,
  nowMs: number,
): Run {
  const own = leaves.filter((leaf) => timeOf(leaf) >= sinceMs);
  const reports = own
    .filter((leaf) => leaf.kind === "step")
    .map((leaf) => ({
      step: leaf.step,
      state: leaf.state,
      attempt: leaf.attempt,
      at_ms: timeOf(leaf),
    }));
  const progress = foldProgress(plan, reports, nowMs);
  const verified = own.find((leaf) => leaf.kind === "verification");
  const hasFailed = verified?.kind === "verification" && verified.outcome === "not_recovered";
  const deadlines = progress.steps.map(({ failed_at_ms: failedAtMs }) => failedAtMs ?? 0);
  return {
    reports,
    lastEventMs: Math.max(0, ...own.filter(isEvent).map(timeOf), ...deadlines),
    progress: hasFailed ? haltFor(progress, "the service has not recovered") : progress,
  };
}

/** Going on is for people to say. What is under way may still be reported to its end. */
function haltFor(progress: Progress, why: string): Progress {
  const steps = progress.steps.map((step) =>
    step.state === "ready" ? { ...step, state: "waiting" as const } : step,
  );
  return { ...progress, state: "halted", steps, next: [], why, escalates: true };
}

function isEvent({ kind }: Leaf): boolean {
  return kind === "step" || kind === "verification";
}

function timeOf({ time }: Leaf): number {
  return Date.parse(time);
}
