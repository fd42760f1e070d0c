/**
 * @module How far a plan has been carried out, from the reports on record and the clock: a fold, so
 * that any process comes to the same answer at any time. It also says which reports may come next.
 */

import type { Plan, PlanStep } from "../plan/plan-schema.ts";

/** What whoever carries the plan out says of one try of one step. */
export interface StepReport {
  readonly step: string;
  readonly state: "started" | "succeeded" | "failed";
  /** 1 for the first try. */
  readonly attempt: number;
  /** When it was recorded, epoch ms. */
  readonly at_ms: number;
}

export interface StepProgress {
  readonly id: string;
  /**
   * `waiting`: for others, or until `not_before_ms`. `passed`: it failed, and the plan goes on all
   * the same.
   */
  readonly state: "waiting" | "ready" | "running" | "succeeded" | "passed" | "failed";
  /** Of the try that runs or ran last, or of the one to start. */
  readonly attempt: number;
  readonly started_at_ms?: number;
  /** When the try that runs counts as failed, epoch ms. */
  readonly deadline_ms?: number;
  /** When the last try failed, or was not heard of in time, epoch ms. */
  readonly failed_at_ms?: number;
  /** When the next try may start, epoch ms. */
  readonly not_before_ms?: number;
  /** Steps that have to be through first. */
  readonly waits_for?: string[];
}

export interface Progress {
  /** `pending`: nothing was started. `halted`: nothing more may be. `done`: every step is through. */
  readonly state: "pending" | "running" | "halted" | "done";
  readonly steps: readonly StepProgress[];
  /** Steps that may start now. */
  readonly next: readonly string[];
  /** Why it has halted, in one line. */
  readonly why?: string;
  /** Whether a human has to be called. */
  readonly escalates: boolean;
}

/**
 * Tries that may fail over a whole plan. More of them mean that something is wrong with more than
 * one step, and the next would fail too: the circuit opens, and a human is called.
 */
export const failuresMax = 5;

/** Reports in any order; those of steps that the plan has not are passed over. */
export function foldProgress(
  plan: Pick<Plan, "steps">,
  reports: readonly StepReport[],
  nowMs: number,
): Progress {
  const tries = plan.steps.map((step) => foldTries(step, reports, nowMs));
  const through = new Set(
    tries.filter(({ state }) => state === "succeeded" || state === "passed").map(({ id }) => id),
  );
  const failed = plan.steps.filter((_, index) => tries[index]?.state === "failed");
  const failureCount = tries.reduce((sum, { failures }) => sum + failures, 0);
  const why = describeHalt(failed, failureCount);
  const steps = tries.map((one, index): StepProgress => {
    const { failures: _failures, ...progress } = one;
    if (progress.state !== "ready") return progress;
    const waitsFor = (plan.steps[index]?.depends_on ?? []).filter((id) => !through.has(id));
    if (waitsFor.length > 0) return { ...progress, state: "waiting", waits_for: waitsFor };
    const isEarly = progress.not_before_ms !== undefined && progress.not_before_ms > nowMs;
    return isEarly || why !== undefined ? { ...progress, state: "waiting" } : progress;
  });
  return {
    state: stateOf(steps, why),
    steps,
    next: steps.filter(({ state }) => state === "ready").map(({ id }) => id),
    ...(why === undefined ? {} : { why }),
    escalates:
      failureCount >= failuresMax || failed.some(({ on_failure }) => on_failure === "escalate"),
  };
}

function stateOf(steps: readonly StepProgress[], why: string | undefined): Progress["state"] {
  if (why !== undefined) return "halted";
  if (steps.every(({ state }) => state === "succeeded" || state === "passed")) return "done";
  return steps.every(({ started_at_ms: started }) => started === undefined) ? "pending" : "running";
}

function describeHalt(failed: readonly PlanStep[], failureCount: number): string | undefined {
  const [first] = failed;
  if (first !== undefined)
    return `step ${first.id} has failed, and the plan does not go on without`;
  return failureCount >= failuresMax ? `${failureCount} tries have failed` : undefined;
}

interface Tries extends StepProgress {
  readonly failures: number;
}

function foldTries(step: PlanStep, reports: readonly StepReport[], nowMs: number): Tries {
  const { id } = step;
  const own = reports.filter((report) => report.step === id);
  const started = own.filter(({ state }) => state === "started");
  const last = started.toSorted((a, b) => a.attempt - b.attempt).at(-1);
  if (last === undefined) return { id, state: "ready", attempt: 1, failures: 0 };
  const base = { id, attempt: last.attempt, started_at_ms: last.at_ms };
  const failures = last.attempt - 1;
  if (own.some(({ state }) => state === "succeeded")) {
    return { ...base, state: "succeeded", failures };
  }
  const deadlineMs = last.at_ms + step.timeout_s * 1_000;
  const failure = own.find(({ state, attempt }) => state === "failed" && attempt === last.attempt);
  if (failure === undefined && nowMs < deadlineMs) {
    return { ...base, state: "running", deadline_ms: deadlineMs, failures };
  }
  return afterFailure(step, base, failure?.at_ms ?? deadlineMs);
}

function afterFailure(
  step: PlanStep,
  base: { readonly id: string; readonly attempt: number; readonly started_at_ms: number },
  failedAtMs: number,
): Tries {
  const { attempt } = base;
  const failures = attempt;
  const failed = { ...base, failed_at_ms: failedAtMs };
  const { max, backoff_s } = retryOf(step);
  if (attempt <= max) {
    const waitMs = backoff_s * 1_000 * 2 ** (attempt - 1);
    return {
      ...failed,
      state: "ready",
      attempt: attempt + 1,
      not_before_ms: failedAtMs + waitMs,
      failures,
    };
  }
  return { ...failed, state: step.on_failure === "continue" ? "passed" : "failed", failures };
}

function retryOf(step: PlanStep): { readonly max: number; readonly backoff_s: number } {
  return step.on_failure === "retry" && step.retry !== undefined
    ? step.retry
    : { max: 0, backoff_s: 0 };
}

/** Why a report cannot be taken; undefined where it can. */
export type Refusal =
  | { readonly code: "step-not-found"; readonly message: string }
  | { readonly code: "step-out-of-order"; readonly message: string };

export type JudgedReport =
  | { readonly outcome: "accepted" }
  /** It is on record already: nothing is written, and the answer is the same. */
  | { readonly outcome: "repeated" }
  | ({ readonly outcome: "refused" } & Refusal);

/** Whether `report` may be recorded now. */
export function judgeReport(
  plan: Pick<Plan, "steps">,
  reports: readonly StepReport[],
  report: Omit<StepReport, "at_ms">,
  nowMs: number,
): JudgedReport {
  const { step: id, state, attempt } = report;
  const progress = foldProgress(plan, reports, nowMs);
  const step = progress.steps.find((one) => one.id === id);
  if (step === undefined) {
    const known = plan.steps.map((one) => one.id).join(", ");
    const message = `the plan has no step \`${id}\`; it has ${known}`;
    return { outcome: "refused", code: "step-not-found", message };
  }
  const isSame = (one: StepReport) =>
    one.step === id && one.state === state && one.attempt === attempt;
  if (reports.some(isSame)) return { outcome: "repeated" };
  const message =
    state === "started"
      ? refuseStart(progress, step, attempt)
      : refuseEnd(reports, step, { id, attempt });
  return message === undefined
    ? { outcome: "accepted" }
    : { outcome: "refused", code: "step-out-of-order", message };
}

function refuseStart(progress: Progress, step: StepProgress, attempt: number): string | undefined {
  const { id, state } = step;
  if (progress.why !== undefined) return `the plan has halted: ${progress.why}`;
  if (step.waits_for !== undefined) return `step \`${id}\` waits for ${step.waits_for.join(", ")}`;
  if (state === "waiting") {
    const until = new Date(step.not_before_ms ?? 0).toISOString();
    return `step \`${id}\` may be tried again from ${until} on`;
  }
  if (state === "running") return `step \`${id}\` is under way, try ${step.attempt}`;
  if (state !== "ready") return `step \`${id}\` has ${state === "passed" ? "failed" : state}`;
  return attempt === step.attempt ? undefined : `the next try of step \`${id}\` is ${step.attempt}`;
}

/** The end of the last try is taken late, too: what was done was done. */
function refuseEnd(
  reports: readonly StepReport[],
  step: StepProgress,
  { id, attempt }: { readonly id: string; readonly attempt: number },
): string | undefined {
  const own = reports.filter((one) => one.step === id);
  const last = Math.max(
    0,
    ...own.filter((one) => one.state === "started").map((one) => one.attempt),
  );
  if (attempt !== last) {
    return last === 0
      ? `step \`${id}\` was not started`
      : `the last try of step \`${id}\` that was started is ${last}`;
  }
  const isOver = own.some((one) => one.attempt === attempt && one.state !== "started");
  return isOver ? `try ${attempt} of step \`${id}\` is over: it has ${step.state}` : undefined;
}
