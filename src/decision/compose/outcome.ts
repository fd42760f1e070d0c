/** @module What a decision comes to, before it is put into words. */

import type { Answer, PolicyError } from "../answer.ts";
import type { Reason } from "../decision.ts";
import type { NormalisedInput } from "../normalise.ts";
import type { Plan } from "../plan/plan-schema.ts";

/** Everything the wording of a decision rests on. */
export interface Outcome {
  readonly input: NormalisedInput;
  readonly verdict: Answer["verdict"];
  readonly code: string;
  readonly row: number;
  /** Present exactly when the verdict is `escalate`. */
  readonly level: Answer["level"];
  readonly retryAfterMs: number | undefined;
  readonly reasons: readonly Reason[];
  /** Counted errors only. */
  readonly errors: readonly PolicyError[];
  readonly plan: Plan | undefined;
}

/** The reason that decided; undefined where a policy failed, or nothing was found. */
export function findMainReason({ code, errors, reasons }: Outcome): Reason | undefined {
  if (errors.length > 0) return undefined;
  const counted = reasons.filter((reason) => reason.counted);
  // A code of the host's own, such as NO_ROLLBACK_TARGET: what called for the rollback comes first.
  return counted.find((reason) => reason.code === code) ?? counted[0];
}
