/**
 * @module The use cases of Belay, as its faces (`http`, `cli`, `console`) see them. Everything that
 * comes in is untrusted (`unknown`, bytes) and is parsed here; everything that goes out is typed.
 * Errors are `BelayError`s of the catalogue; a refused pack is data.
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { Decision } from "../decision/decision.ts";
import type { HealthSnapshot } from "../decision/request.ts";
import type { RuleLocation } from "../decision/rule-location.ts";
import type { Caller, TreeHead } from "../log/entry.ts";
import type { Verification } from "../log/verify.ts";
import type { CoverageReport } from "../rego/toolchain/toolchain.ts";
import type { EntryQuery, KeptBundle } from "../store/record-store.ts";
import type { Crosschecked } from "./crosscheck.ts";
import type { CrosscheckQuestion } from "./crosschecker.ts";
import type { StepCall } from "./rollback/report-step.ts";
import type { ResolutionCall } from "./rollback/resolve.ts";
import type { RollbackState } from "./rollback/rollback-state.ts";
import type { VerificationCall, VerifiedRollback } from "./rollback/verify-rollback.ts";
import type { RunTest } from "./run-test.ts";

/** Where a decision lies in the record. Hashes are lower-case hex. */
export interface RecordPlace {
  readonly leaf_index: number;
  readonly leaf_sha256: string;
  /** Tree head of a commit that holds the entry. */
  readonly tree_size: number;
  readonly root_sha256: string;
}

/** A decision as it is answered: never before its entry is durable. */
export interface RecordedDecision {
  readonly decision: Decision;
  /** The same as canonical JSON: the very text that is on record. */
  readonly decisionJson: string;
  readonly record: RecordPlace;
  /** The answer of an earlier call with the same idempotency key. */
  readonly repeated: boolean;
}

export interface DecideCall {
  /** Parsed JSON of the body. */
  readonly request: unknown;
  /** From the `Idempotency-Key` header; overrides `request.idempotency_key` of the body. */
  readonly idempotencyKey?: string;
  readonly caller: Caller;
}

export interface DecisionPage {
  readonly decisions: readonly RecordedDecision[];
  /** Pass as `beforeLeafIndex` for the next page; absent on the last. */
  readonly next?: number;
}

export interface Replay {
  readonly same: boolean;
  readonly recorded: Decision;
  readonly replayed: Decision;
  readonly revision: string;
  /** JSON Pointers into the decision where the two differ. */
  readonly differences: readonly { path: string; recorded: unknown; replayed: unknown }[];
}

export interface Explanation {
  readonly decision_id: string;
  readonly verdict: string;
  readonly summary: string;
  /** Rules of the policies in force that state findings: those that fired and those that did not. */
  readonly rules: readonly ExplainedRule[];
  /** Fields the request left out that a policy in force reads, as JSON Pointers. */
  readonly absent: readonly string[];
  /** OPA's trace of the recorded input, one line each. */
  readonly trace: readonly string[];
  readonly covered: CoverageReport;
}

export interface ExplainedRule {
  readonly policy: string;
  readonly rule: string;
  readonly code: string;
  readonly file: string;
  readonly row: number;
  readonly fired: boolean;
  /** The last line of the rule body that was reached, where it did not fire. */
  readonly stopped_at_row?: number;
}

/** A pack as files: paths relative to the pack's root, Rego, YAML and JSON as text. */
export interface PackFiles {
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export type Publication =
  | {
      readonly outcome: "published" | "kept-already";
      readonly bundle: KeptBundle;
      readonly tests: TestSummary;
    }
  | {
      readonly outcome: "refused";
      readonly diagnostics: readonly Diagnostic[];
      readonly tests?: TestSummary;
    };

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly RunTest[];
  readonly cases: readonly CaseResult[];
  readonly coverage?: CoverageReport;
}

/** One worked example, run through the engine. */
export interface CaseResult {
  readonly file: string;
  readonly description: string;
  readonly passed: boolean;
  /** What differed, `path: want … got …`. */
  readonly differences: readonly string[];
}

export interface BundleDetail {
  readonly bundle: KeptBundle;
  readonly manifest: unknown;
  readonly sources: readonly { readonly path: string; readonly text: string }[];
  readonly documents: readonly { readonly path: string; readonly text: string }[];
  readonly rules: readonly RuleLocation[];
}

export interface ChannelState {
  readonly channel: string;
  readonly revision: string;
}

export interface ChannelMove {
  readonly id: string;
  readonly time: string;
  readonly from: string | null;
  readonly to: string;
  readonly caller: Caller;
  readonly leaf_index: number;
}

export interface Health {
  readonly ready: boolean;
  /** Why not ready. */
  readonly reasons: readonly string[];
  /** The revision in force. */
  readonly revision: string;
}

export interface Belay {
  decide(call: DecideCall): Promise<RecordedDecision>;
  loadDecision(id: string): Promise<RecordedDecision>;
  /** The decision in Markdown, for a ticket. */
  loadAccount(id: string): Promise<string>;
  listDecisions(query: Omit<EntryQuery, "kind" | "channel">): Promise<DecisionPage>;
  explain(id: string): Promise<Explanation>;
  /** `revision`: decide with that kept bundle; the recorded one where absent. */
  replay(id: string, revision?: string): Promise<Replay>;
  /**
   * Turns a provider's answers into a health snapshot by a mapping of the bundle in force.
   * `service`: that of every signal whose mapping names none.
   */
  snapshot(mapping: string, service: string, answers: unknown): Promise<HealthSnapshot>;

  /** Takes what is said of a step of the plan of decision `id`, and tells what may come next. */
  reportStep(id: string, call: StepCall): Promise<RollbackState>;
  /** Judges the health after the plan of decision `id`. */
  verifyRollback(id: string, call: VerificationCall): Promise<VerifiedRollback>;
  /** Takes one person's answer to the escalation of decision `id`. */
  resolve(id: string, call: ResolutionCall): Promise<RollbackState>;
  loadRollback(id: string): Promise<RollbackState>;

  publishPack(pack: PackFiles, caller: Caller): Promise<Publication>;
  publishArchive(archive: Uint8Array, caller: Caller): Promise<Publication>;
  listBundles(): Promise<readonly KeptBundle[]>;
  loadBundle(revision: string): Promise<BundleDetail>;
  loadArchive(revision: string): Promise<Uint8Array>;

  loadChannel(channel: string): Promise<ChannelState>;
  /** `expected`: the revision the caller believes to be in force (`If-Match`). */
  promote(
    channel: string,
    revision: string,
    caller: Caller,
    expected?: string,
  ): Promise<ChannelState>;
  /** Back to the revision that was in force before the present one. */
  revert(channel: string, caller: Caller): Promise<ChannelState>;
  channelHistory(channel: string): Promise<readonly ChannelMove[]>;

  verifyRecord(): Promise<Verification>;
  /** Asks the second engine what the first has answered. */
  crosscheck(question: CrosscheckQuestion): Promise<Crosschecked>;
  health(): Health;
  readHead(): Promise<TreeHead>;
  close(): Promise<void>;
}

/** What is done at one place for all threads: it needs the toolchain, or moves a channel. */
export type CentralBelay = Pick<
  Belay,
  "crosscheck" | "explain" | "publishPack" | "publishArchive" | "promote" | "revert"
>;
