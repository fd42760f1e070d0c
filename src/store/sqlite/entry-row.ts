/** @module Rows of the record as entries. */

import type { SQLOutputValue } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import type { DecisionBody, RecordedEntry, StoredEntry } from "../../log/entry.ts";
import { checkLeaf, commitmentProblems } from "../../log/verify-entry.ts";
import type { FoundMark, Lease } from "../record-store.ts";

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Select list for `storedEntry`, from `entries` and, outer joined, `bodies`. */
export const entryColumns = `entries.leaf_index, entries.id, entries.kind, entries.time_ms,
  entries.verdict, entries.channel, entries.leaf_hash, entries.leaf,
  bodies.salt, bodies.input, bodies.decision`;

/** The row as it is. STRICT tables vouch for its types, and for nothing else. */
export function storedEntry(row: Row): StoredEntry {
  const body = bodyOf(row);
  return {
    leafIndex: row["leaf_index"] as number,
    leafBytes: row["leaf"] as Uint8Array,
    leafHash: row["leaf_hash"] as Uint8Array,
    ...(body !== undefined && { body }),
    listed: {
      id: row["id"] as string,
      kind: row["kind"] as string,
      timeMs: row["time_ms"] as number,
      verdict: row["verdict"] as string | null,
      channel: row["channel"] as string | null,
    },
  };
}

/**
 * The row as an entry that holds together on its own: nothing that was changed behind the record's
 * back is answered as if it had been recorded.
 * @throws BelayError `log-corrupt`
 */
export function recordedEntry(row: Row): RecordedEntry {
  const { listed: _, ...stored } = storedEntry(row);
  const { leaf, problems } = checkLeaf(storedEntry(row));
  const opened =
    leaf?.kind === "decision" && stored.body !== undefined
      ? commitmentProblems(leaf, stored.body)
      : [];
  const [problem] = [...problems, ...opened];
  if (leaf === undefined || problem !== undefined) {
    const message = `entry ${stored.leafIndex} does not verify: ${problem ?? "it has no leaf"}`;
    throw new BelayError("log-corrupt", message);
  }
  return { ...stored, leaf };
}

export function leaseOf(row: Row): Lease {
  return {
    scope: row["scope"] as string,
    holder: row["holder"] as string,
    value: row["value"] as string,
    takenAtMs: row["taken_at_ms"] as number,
    renewedAtMs: row["renewed_at_ms"] as number,
    expiresAtMs: row["expires_at_ms"] as number,
  };
}

/** Value, leaf index, time in epoch milliseconds. */
export type MarkColumns = readonly [string, number, number];

export function foundMark([value, leafIndex, timeMs]: MarkColumns): FoundMark {
  return { value, leafIndex, timeMs };
}

function bodyOf(row: Row): DecisionBody | undefined {
  if (row["salt"] === null) return undefined;
  return {
    salt: row["salt"] as string,
    input: row["input"] as string,
    decision: row["decision"] as string,
  };
}
