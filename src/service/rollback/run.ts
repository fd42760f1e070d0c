/**
 * @module Runs of a plan: from its first report until it is closed. The lease says when a run began,
 * for how long its holder stands in the way of others, and when nobody remembers it.
 */

import type { Plan } from "../../decision/plan/plan-schema.ts";
import { foldProgress, type Progress, type StepReport } from "../../decision/rollback/progress.ts";
import type { Leaf } from "../../log/entry.ts";
import type { Lease } from "../../store/record-store.ts";

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
export function expiryOf(
  { steps }: Pick<Plan, "steps">,
  running: readonly { readonly id: string; readonly deadline_ms?: number }[],
  nowMs: number,
): number {
  const known = new Set(steps.map(({ id }) => id));
  const deadlines = running
    .filter(({ id }) => known.has(id))
    .map(({ deadline_ms: deadlineMs }) => deadlineMs ?? 0);
  return Math.max(nowMs + betweenStepsMs, ...deadlines);
}

export interface Run {
  readonly reports: readonly StepReport[];
  readonly progress: Progress;
}

/** The run of `plan` that began at `sinceMs`. `leaves`: those about the plan, newest first. */
export function followRun(
  plan: Pick<Plan, "steps">,
  leaves: readonly Leaf[],
  sinceMs: number,
  nowMs: number,
): Run {
  const own = leaves.filter(({ time }) => Date.parse(time) >= sinceMs);
  const reports = own
    .filter((leaf) => leaf.kind === "step")
    .map(({ step, state, attempt, time }) => ({ step, state, attempt, at_ms: Date.parse(time) }));
  const progress = foldProgress(plan, reports, nowMs);
  const verified = own.find((leaf) => leaf.kind === "verification");
  const hasFailed = verified?.kind === "verification" && verified.outcome === "not_recovered";
  return {
    reports,
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
