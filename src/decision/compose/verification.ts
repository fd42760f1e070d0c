/** @module How to see that a rollback worked, taken from the last step of its plan. */

import type { Verification } from "../decision.ts";
import type { Outcome } from "./outcome.ts";

/** Undefined without a plan, and where the plan has nothing to measure: then a human looks. */
export function createVerification({ input, plan }: Outcome): Verification | undefined {
  const success = plan?.steps.at(-1)?.success ?? [];
  if (plan === undefined || success.length === 0) return undefined;
  return {
    signals: success.map(({ service, signal }) => ({ service, signal })),
    window_s: Math.max(...success.map(({ window_s: windowS }) => windowS)),
    min_n: Math.max(...success.map(({ min_n: minN }) => minN)),
    // The plan's own bound counts the time that the last step may take to measure.
    deadline_ms: input.request.now_ms + plan.rto_s * 1_000,
  };
}
