/**
 * @module When a decision is checked by the second engine. `always`: before it is answered; where
 * the engines disagree, or nobody can tell, it is `escalate`. `sampled`: one in a hundred, after it
 * was answered. A decision whose evaluation stopped half-way is `escalate` anyhow, and is not checked.
 */

import type { NormalisedInput } from "../decision/normalise.ts";
import type { Crosschecked } from "./crosscheck.ts";
import type { CrosscheckQuestion } from "./crosschecker.ts";
import type { Decided, Engine } from "./engine.ts";

export const crosscheckModes = ["off", "sampled", "always"] as const;
export type CrosscheckMode = (typeof crosscheckModes)[number];

const sampleEvery = 100;

/** Samples under way at one time; meanwhile further ones are passed over. */
const samplesMax = 4;

export interface Crosschecking {
  /** What `decided` comes to once it was checked, where it is to be checked before it is answered. */
  confirm(engine: Engine, input: NormalisedInput, decided: Decided): Promise<Decided>;
  /** Has a decision that is on record checked, where it is one of a sample; nobody waits for it. */
  sample(engine: Engine, decided: Decided): void;
}

export function createCrosschecking(
  mode: CrosscheckMode,
  check: (question: CrosscheckQuestion) => Promise<Crosschecked>,
): Crosschecking {
  let sampleCount = 0;
  return {
    async confirm(engine, input, decided) {
      if (mode !== "always" || decided.answered.isPieced) return decided;
      const checked = await check(questionOf(engine, decided));
      return checked.outcome === "agreed" ? decided : engine.decide(input, describeDoubt(checked));
    },
    sample(engine, decided) {
      const isWanted = mode === "sampled" && !decided.answered.isPieced && isSampled(decided);
      if (!isWanted || sampleCount >= samplesMax) return;
      sampleCount += 1;
      // Whatever keeps it from being checked is counted or logged where it happens.
      void check(questionOf(engine, decided))
        .catch(() => undefined)
        .finally(() => (sampleCount -= 1));
    },
  };
}

/** As it stands in the decision: a replay comes to the same words. */
export function describeDoubt(checked: Exclude<Crosschecked, { outcome: "agreed" }>): string {
  return checked.outcome === "disagreed"
    ? `the two engines disagree: ${checked.message}`
    : `the second engine gave no answer: ${checked.message}`;
}

function questionOf({ bundle }: Engine, decided: Decided): CrosscheckQuestion {
  return {
    decision: decided.decision.provenance.decision_id,
    revision: bundle.revision,
    inputJson: decided.inputJson,
    answer: decided.answered.answer,
  };
}

/** By the digest of the input, which is spread evenly. */
function isSampled({ decision }: Decided): boolean {
  return Number.parseInt(decision.provenance.input_sha256.slice(0, 8), 16) % sampleEvery === 0;
}
