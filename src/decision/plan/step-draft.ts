/** @module Steps before they have their place: what each does, and how it may fail. */

import type { PlanStep } from "./plan-schema.ts";

export type StepDraft = Omit<PlanStep, "id" | "depends_on" | "idempotency_key">;

type Limits = Pick<PlanStep, "timeout_s" | "on_failure" | "retry">;

function retrying(timeoutS: number, max: number, backoffS: number): Limits {
  return { timeout_s: timeoutS, on_failure: "retry", retry: { max, backoff_s: backoffS } };
}

/**
 * How long a step may take: generous to what is usual, so that only the stuck run out. A migration
 * and a compensation are never simply tried again: a half of either is for a human to look at.
 */
const limits: Readonly<Record<PlanStep["action"], Limits>> = {
  flag_off: retrying(60, 3, 5),
  gitops_pin: retrying(60, 3, 5),
  queue_pause: retrying(60, 3, 5),
  queue_resume: retrying(60, 3, 5),
  traffic_shift: retrying(300, 3, 5),
  config_revert: retrying(300, 3, 5),
  cache_invalidate: retrying(300, 3, 5),
  artifact_revert: retrying(900, 2, 30),
  migration_down: { timeout_s: 1_800, on_failure: "halt" },
  compensate: { timeout_s: 1_800, on_failure: "escalate" },
  verify: { timeout_s: 600, on_failure: "continue" },
  hold: { timeout_s: 3_600, on_failure: "halt" },
};

export function draftStep(
  action: PlanStep["action"],
  service: string,
  rest: Partial<StepDraft> = {},
): StepDraft {
  return {
    action,
    service,
    reversible: true,
    point_of_no_return: false,
    precondition: [],
    success: [],
    ...limits[action],
    ...rest,
  };
}

/** What is said of a step that cannot be undone. */
export const final = { reversible: false, point_of_no_return: true } as const;
