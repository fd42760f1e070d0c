/**
 * @module The one place of a process where the second engine is asked. What it says is counted; a
 * disagreement is an entry of the record and an alert.
 */

import type { JsonValue } from "../base/json.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { DisagreementLeaf } from "../log/entry.ts";
import type { RecordStore } from "../store/record-store.ts";
import { type Crosschecked, type CrosscheckRequest, verdictOf } from "./crosscheck.ts";
import { bundleName, leafBase, type Versions } from "./leaf-maker.ts";

/** Questions that may wait: one takes the interpreter some ten milliseconds. */
const waitingMax = 64;

export interface CrosscheckQuestion {
  /** Id of the decision. */
  readonly decision: string;
  readonly revision: string;
  /** Canonical JSON of the normalised input. */
  readonly inputJson: string;
  /** What the rules came to as WebAssembly; undefined where they were. */
  readonly answer: JsonValue | undefined;
}

export interface Disagreement {
  readonly decision: string;
  readonly revision: string;
  readonly message: string;
}

export type CrosscheckCounts = Readonly<Record<Crosschecked["outcome"], number>>;

export interface CrosscheckerOptions {
  /** Asks the interpreter; never throws for what it is asked. */
  readonly ask: (request: CrosscheckRequest) => Promise<Crosschecked>;
  readonly loadBundle: (revision: string) => Promise<Bundle>;
  readonly store: RecordStore;
  readonly versions: Versions;
  readonly clockMs: () => number;
  readonly onDisagreement: (disagreement: Disagreement) => void;
}

export interface Crosschecker {
  readonly counts: CrosscheckCounts;
  /** Resolves once a disagreement is on record. @throws BelayError `log-sealed`, `overloaded` */
  check(question: CrosscheckQuestion): Promise<Crosschecked>;
}

export function createCrosschecker(options: CrosscheckerOptions): Crosschecker {
  const counts = { agreed: 0, disagreed: 0, failed: 0 };
  let waitingCount = 0;

  async function ask(bundle: Bundle, question: CrosscheckQuestion): Promise<Crosschecked> {
    if (waitingCount >= waitingMax) {
      return { outcome: "failed", message: `${waitingMax} questions wait for it already` };
    }
    waitingCount += 1;
    try {
      return await options.ask({ bundle, ...question });
    } finally {
      waitingCount -= 1;
    }
  }

  async function record(bundle: Bundle, question: CrosscheckQuestion, interpreted: string) {
    const caller = { subject: "belay crosscheck", auth: "start" };
    const leaf: DisagreementLeaf = {
      ...leafBase(options.versions, options.clockMs(), caller),
      kind: "disagreement",
      decision: question.decision,
      bundle: bundleName(bundle),
      compiled: verdictOf(question.answer),
      interpreted,
    };
    await options.store.append({ leaf });
  }

  return {
    counts,
    async check(question) {
      const bundle = await options.loadBundle(question.revision);
      const checked = await ask(bundle, question);
      if (checked.outcome === "disagreed") {
        const { decision, revision } = question;
        options.onDisagreement({ decision, revision, message: checked.message });
        await record(bundle, question, checked.interpreted);
      }
      counts[checked.outcome] += 1;
      return checked;
    },
  };
}
