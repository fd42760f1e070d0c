/**
 * @module What one entry must satisfy on its own: bytes that hash to its leaf hash and parse as a
 * leaf, columns that say what the leaf says, a body that opens the leaf's commitments and tells of
 * the same decision.
 */

import { verifyCommitment } from "./commitment.ts";
import type { DecisionBody, DecisionLeaf, Leaf, ListedColumns, StoredEntry } from "./entry.ts";
import { parseLeaf } from "./leaf.ts";
import { leafHash } from "./merkle.ts";

export interface CheckedLeaf {
  /** Of the bytes that are there, whatever the entry claims: what the tree is built of. */
  readonly leafHash: Uint8Array;
  /** Absent where the bytes are no leaf. */
  readonly leaf?: Leaf;
  /** What does not hold, in sentences; empty for a sound leaf. */
  readonly problems: readonly string[];
}

/** Checks all of an entry but its body. */
export function checkLeaf(entry: StoredEntry): CheckedLeaf {
  const problems: string[] = [];
  const hash = leafHash(entry.leafBytes);
  if (Buffer.compare(hash, entry.leafHash) !== 0) {
    problems.push("the leaf does not hash to the leaf hash kept beside it");
  }
  const parsed = parseLeaf(entry.leafBytes);
  if (!parsed.ok) {
    problems.push(`the leaf cannot be read: ${parsed.message}`);
    return { leafHash: hash, problems };
  }
  const { leaf } = parsed;
  problems.push(...columnProblems(leaf, entry.listed));
  if (leaf.kind !== "decision" && entry.body !== undefined) {
    problems.push(`a ${leaf.kind} has a body`);
  }
  return { leafHash: hash, leaf, problems };
}

/** What keeps `body` from opening the commitments of `leaf`. */
export function commitmentProblems(leaf: DecisionLeaf, body: DecisionBody): string[] {
  const problems: string[] = [];
  if (!verifyCommitment(leaf.input_c, body.salt, body.input)) {
    problems.push("the input is not the one the leaf commits to");
  }
  if (!verifyCommitment(leaf.decision_c, body.salt, body.decision)) {
    problems.push("the decision is not the one the leaf commits to");
  }
  return problems;
}

/** What `leaf` and its body tell differently: a writer can commit to a decision and file another. */
export function claimProblems(leaf: DecisionLeaf, body: DecisionBody): string[] {
  const input = parseDocument(body.input);
  const decision = parseDocument(body.decision);
  const bundle = (["name", "revision", "sha256"] as const).map(
    (key): Claim => [
      `bundle ${key} of the decision`,
      member(decision, "provenance", "bundle", key),
      leaf.bundle[key],
    ],
  );
  const claims: readonly Claim[] = [
    ["request id of the input", member(input, "request", "id"), leaf.id],
    ["id of the decision", member(decision, "provenance", "decision_id"), leaf.id],
    ["verdict of the decision", member(decision, "verdict"), leaf.verdict],
    ["entrypoint of the decision", member(decision, "provenance", "entrypoint"), leaf.entrypoint],
    ...bundle,
  ];
  return claims
    .filter(([, said, expected]) => said !== expected)
    .map(([what]) => `the ${what} is not the leaf's`);
}

/** What is claimed, what the body says, what the leaf says. */
type Claim = readonly [what: string, said: unknown, expected: unknown];

/** The columns that a sound store keeps for `leaf`. */
export function listedColumns(leaf: Leaf): ListedColumns {
  return {
    id: leaf.id,
    kind: leaf.kind,
    timeMs: Date.parse(leaf.time),
    verdict: leaf.kind === "decision" ? leaf.verdict : null,
    channel: leaf.kind === "promotion" ? leaf.channel : null,
  };
}

function columnProblems(leaf: Leaf, listed: ListedColumns): string[] {
  const expected = listedColumns(leaf);
  return (Object.keys(expected) as (keyof ListedColumns)[])
    .filter((column) => listed[column] !== expected[column])
    .map((column) => `it is listed with ${column} \`${listed[column]}\`, not the leaf's`);
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function member(document: unknown, ...path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
