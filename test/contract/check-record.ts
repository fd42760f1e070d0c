/** @module The whole of a record, checked again after every step of a test, the slow way. */

import { expect } from "vitest";
import { emptyRootHash, leafHash, nodeHash } from "../../src/log/merkle.ts";
import { verifyRecord } from "../../src/log/verify.ts";
import type { RecordReader } from "../../src/store/record-store.ts";

/**
 * Verifies the record, and beside the verifier: that its size is what is expected, that every tree
 * head kept is the root RFC 6962 defines of the entries before it, and that every entry is found by
 * its id. For small records only.
 */
export async function checkRecord(reader: RecordReader, treeSize: number): Promise<void> {
  expect(await verifyRecord(reader)).toMatchObject({ ok: true, tree_size: treeSize });
  const entries = await reader.readEntries(0, treeSize + 1);
  expect(entries.map((entry) => entry.leafIndex)).toEqual(
    Array.from({ length: treeSize }, (_, index) => index),
  );
  const leaves = entries.map((entry) => leafHash(entry.leafBytes));
  const heads = await reader.readHeads(0, treeSize + 1);
  for (const head of heads) {
    expect(hex(head.rootHash)).toBe(hex(slowRoot(leaves.slice(0, head.treeSize))));
  }
  const head = await reader.readHead();
  expect(head).toEqual(heads.at(-1) ?? { treeSize: 0, rootHash: emptyRootHash });
  expect(head.treeSize).toBe(treeSize);
  for (const { leafIndex, listed } of entries) {
    expect((await reader.findEntry(listed.id))?.leafIndex).toBe(leafIndex);
  }
}

/** MTH of RFC 6962 section 2.1 over leaf hashes. */
function slowRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRootHash;
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(slowRoot(leaves.slice(0, split)), slowRoot(leaves.slice(split)));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
