/**
 * @module When the second engine is asked, and what follows from its answer. A disagreement is an
 * entry of the record, a count and an alert; where every decision is checked before it is answered,
 * it is `escalate` as well, and so is a decision that could not be checked.
 */

import type { NormalisedInput } from "../decision/normalise.ts";
import type { DisagreementLeaf } from "../log/entry.ts";
import type { RecordStore } from "../store/record-store.ts";
import { type Crosschecked, type CrosscheckRequest, verdictOf } from "./crosscheck.ts";
import type { Decided, Engine } from "./engine.ts";
import { bundleName, leafBase, type Versions } from "./leaf-maker.ts";

export const crosscheckModes = ["off", "sampled", "always"] as const;
export type CrosscheckMode = (typeof crosscheckModes)[number];

/** One decision in so many is checked under `sampled`. */
const sampleEvery = 100;

/** Samples that may wait for the interpreter; while so many do, further ones are passed over. */
const waitingMax = 16;

export interface Disagreement {
  readonly decision: string;
  readonly revision: string;
  readonly message: string;
}

export interface CrosscheckCounts {
  readonly agreed: number;
  readonly disagreed: number;
  /** The interpreter gave no answer. */
  readonly failed: number;
  /** Passed over, because enough were waiting. */
  readonly skipped: number;
}

export interface CrosscheckOptions {
  readonly mode: CrosscheckMode;
  /** Asks the interpreter; never throws for what it is asked. */
  readonly ask: (request: CrosscheckRequest) => Promise<Crosschecked>;
  readonly store: RecordStore;
  readonly versions: Versions;
  readonly clockMs: () => number;
  readonly onDisagreement: (disagreement: Disagreement) => void;
}

/** A decision whose evaluation stopped half-way is `escalate` anyhow, and is not checked. */
export interface CrosscheckService {
  readonly counts: CrosscheckCounts;
  /** Under `always`, what `decided` comes to once it was checked; else `decided` itself. */
  confirm(engine: Engine, input: NormalisedInput, decided: Decided): Promise<Decided>;
  /** Under `sampled`, has a decision that is on record checked; nobody waits for it. */
  sample(engine: Engine, decided: Decided): void;
  /** Resolves when no sample is under way. */
  settled(): Promise<void>;
}

export function createCrosscheckService(options: CrosscheckOptions): CrosscheckService {
  const counts = { agreed: 0, disagreed: 0, failed: 0, skipped: 0 };
  const waiting = new Set<Promise<unknown>>();

  async function check(engine: Engine, decided: Decided): Promise<Crosschecked> {
    const { inputJson, answered } = decided;
    const { bundle } = engine;
    const checked = await options.ask({ bundle, inputJson, answer: answered.answer });
    counts[checked.outcome] += 1;
    if (checked.outcome === "disagreed") await record(engine, decided, checked);
    return checked;
  }

  async function record(
    { bundle }: Engine,
    { decision, answered }: Decided,
    { message, interpreted }: Crosschecked & { outcome: "disagreed" },
  ): Promise<void> {
    const id = decision.provenance.decision_id;
    options.onDisagreement({ decision: id, revision: bundle.revision, message });
    const caller = { subject: "belay crosscheck", auth: "start" };
    const leaf: DisagreementLeaf = {
      ...leafBase(options.versions, options.clockMs(), caller),
      kind: "disagreement",
      decision: id,
      bundle: bundleName(bundle),
      compiled: verdictOf(answered.answer),
      interpreted,
    };
    await options.store.append({ leaf });
  }

  return {
    counts,
    async confirm(engine, input, decided) {
      if (options.mode !== "always" || decided.answered.isPieced) return decided;
      const checked = await check(engine, decided);
      return checked.outcome === "agreed" ? decided : engine.decide(input, doubtOf(checked));
    },
    sample(engine, decided) {
      if (options.mode !== "sampled" || decided.answered.isPieced || !isSampled(decided)) return;
      if (waiting.size >= waitingMax) {
        counts.skipped += 1;
        return;
      }
      // A record that cannot be written refuses the next decision too; nothing is lost here.
      const sampling = check(engine, decided).catch(() => (counts.failed += 1));
      waiting.add(sampling);
      void sampling.finally(() => waiting.delete(sampling));
    },
    async settled() {
      while (waiting.size > 0) await Promise.all(waiting);
    },
  };
}

/** Said in the decision, so that a replay says it in the same words. */
export function doubtOf(checked: Exclude<Crosschecked, { outcome: "agreed" }>): string {
  return checked.outcome === "disagreed"
    ? `the two engines disagree: ${checked.message}`
    : `the second engine gave no answer: ${checked.message}`;
}

/** By the digest of the input: spread evenly, and the same for the same input. */
function isSampled({ decision }: Decided): boolean {
  return Number.parseInt(decision.provenance.input_sha256.slice(0, 8), 16) % sampleEvery === 0;
}
