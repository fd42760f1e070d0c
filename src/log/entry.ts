/**
 * @module One entry of the record: a leaf, small and for ever, and a body that may be erased.
 *
 * The leaf is the RFC 8785 JSON that the Merkle tree hashes. It never holds the input or the
 * decision itself but commitments to them: `hex(HMAC-SHA256(salt, canonical JSON))` with a random
 * 32-byte salt that lies in the body. Erasing a body erases what was said; proofs still hold.
 */

export interface LeafBase {
  readonly v: 1;
  /** UUIDv7; for a decision, the decision's own id. */
  readonly id: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly time: string;
  /** Who caused the entry, as far as it is known. */
  readonly caller: Caller;
  /** What wrote it: versions of Belay and of the OPA in its toolchain. */
  readonly engine: { readonly belay: string; readonly opa: string };
}

export interface Caller {
  readonly subject: string;
  /** How the subject was established: `none` until authentication exists, `cli`, `start`. */
  readonly auth: string;
}

export interface BundleName {
  readonly name: string;
  /** Content digest, 64 hex digits: what is inside, whatever the archive's own bytes. */
  readonly revision: string;
  /** SHA-256 of the archive as it is kept. */
  readonly sha256: string;
}

export interface DecisionLeaf extends LeafBase {
  readonly kind: "decision";
  readonly bundle: BundleName;
  readonly entrypoint: string;
  readonly verdict: "allow" | "rollback" | "escalate";
  readonly codes: readonly string[];
  /** Commitment to the normalised input. */
  readonly input_c: string;
  /** Commitment to the decision. */
  readonly decision_c: string;
}

/** A bundle was kept. */
export interface PublicationLeaf extends LeafBase {
  readonly kind: "publication";
  readonly bundle: BundleName;
}

/** A channel was pointed at a revision. `from` is null for the first. */
export interface PromotionLeaf extends LeafBase {
  readonly kind: "promotion";
  readonly channel: string;
  readonly from: string | null;
  readonly to: string;
}

/**
 * OPA's interpreter came to another answer than the compiled module did, for a decision that is or
 * will be on record. What each came to is its verdict, `undefined`, or `error`.
 */
export interface DisagreementLeaf extends LeafBase {
  readonly kind: "disagreement";
  /** Id of the decision. */
  readonly decision: string;
  readonly bundle: BundleName;
  readonly compiled: string;
  readonly interpreted: string;
}

/** Something was done of a plan, or was tried. What is said here is kept for ever. */
export interface StepLeaf extends LeafBase {
  readonly kind: "step";
  /** Id of the decision whose plan it is of. */
  readonly decision: string;
  readonly plan_id: string;
  /** Id of the step within the plan. */
  readonly step: string;
  readonly state: "started" | "succeeded" | "failed";
  /** 1 for the first try. */
  readonly attempt: number;
  /** In the words of whoever did it, at most 500 characters. */
  readonly detail: string;
}

/** The health after a plan was judged. */
export interface VerificationLeaf extends LeafBase {
  readonly kind: "verification";
  readonly decision: string;
  readonly plan_id: string;
  /** Id of the decision, of question `verify`, that judged it. */
  readonly judged_by: string;
  readonly outcome: "recovered" | "not_yet" | "not_recovered";
}

/** One person's answer to an escalation. */
export interface ResolutionLeaf extends LeafBase {
  readonly kind: "resolution";
  readonly decision: string;
  /** What is agreed to; null where the decision has no plan. */
  readonly plan_id: string | null;
  readonly choice: "proceed" | "hold" | "rollback";
  readonly role: string;
  /** Given outside the rules, in an emergency. */
  readonly break_glass: boolean;
  /** RFC 3339; until then it counts. */
  readonly expires: string;
  readonly reason: string;
}

export type Leaf =
  | DecisionLeaf
  | PublicationLeaf
  | PromotionLeaf
  | DisagreementLeaf
  | StepLeaf
  | VerificationLeaf
  | ResolutionLeaf;
export type LeafKind = Leaf["kind"];

/** What a decision entry keeps beside its leaf. */
export interface DecisionBody {
  /** 64 hex digits. */
  readonly salt: string;
  /** Canonical JSON text of the normalised input: all that the policy saw. */
  readonly input: string;
  /** Canonical JSON text of the decision. */
  readonly decision: string;
}

/** A leaf as read back: its canonical bytes, its place, its hash. */
export interface RecordedEntry {
  /** 0-based position in the tree. */
  readonly leafIndex: number;
  readonly leaf: Leaf;
  readonly leafBytes: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Absent for entries that have none, and where it was erased. */
  readonly body?: DecisionBody;
}

/**
 * An entry as a store keeps it, unparsed: what a verifier reads. Nothing in it can be relied on
 * before it was checked against the tree.
 */
export interface StoredEntry {
  readonly leafIndex: number;
  readonly leafBytes: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly body?: DecisionBody;
  readonly listed: ListedColumns;
}

/** What a store's own columns, by which entries are found and listed, say of a leaf. */
export interface ListedColumns {
  readonly id: string;
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** Of a decision, else null. */
  readonly verdict: string | null;
  /** Of a promotion, else null. */
  readonly channel: string | null;
}

/** The tree after a commit. */
export interface TreeHead {
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
}
