/** @module Steps on their way to a plan: in an order that keeps every dependency, and growing. */

import type { SuccessCriterion } from "./plan-schema.ts";
import { draftStep, type StepDraft } from "./step-draft.ts";

/** What a step means for the plan as a whole. */
export interface StepMeaning {
  /** Lines a human has to agree to before it. */
  readonly asks?: readonly string[];
  /** From here on the service is served by the version it goes back to. */
  readonly flips?: string;
  /** Index in the request of the migration that is undone by it. */
  readonly takesDown?: number;
  /** Place of the first step of those that belong together: a hold for any of them stands there. */
  readonly start?: number;
}

export interface SequencedStep extends StepMeaning {
  readonly draft: StepDraft;
  /** Places of the steps it waits for; all of them are smaller than its own. */
  readonly after: readonly number[];
  readonly start: number;
}

/** Slow windows need time to forget what was before; nobody waits longer than a day. */
const verifyTimeoutMaxS = 86_400;

export class Sequence {
  readonly steps: SequencedStep[] = [];

  /** The place of the step. */
  add(draft: StepDraft, after: readonly number[], meaning: StepMeaning = {}): number {
    const place = this.steps.length;
    this.steps.push({ start: place, ...meaning, draft, after: [...new Set(after)] });
    return place;
  }

  /** Whether the service has recovered: the place of that step. */
  verify(
    service: string,
    success: SuccessCriterion[],
    after: readonly number[],
    meaning: StepMeaning & { readonly onFailure?: StepDraft["on_failure"] } = {},
  ): number {
    const { onFailure = "continue", ...rest } = meaning;
    const { timeout_s: timeoutS, ...step } = draftStep("verify", service, { success });
    const windowS = Math.max(0, ...success.map((criterion) => criterion.window_s));
    const timeout_s = Math.min(verifyTimeoutMaxS, Math.max(timeoutS, Math.ceil(2 * windowS)));
    return this.add({ ...step, timeout_s, on_failure: onFailure }, after, rest);
  }

  /** Places that nothing waits for. */
  ends(): number[] {
    const awaited = new Set(this.steps.flatMap(({ after }) => after));
    return this.steps.flatMap((_, place) => (awaited.has(place) ? [] : [place]));
  }
}
