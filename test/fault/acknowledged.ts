/** @module What a stopped writer had acknowledged, held against the record it left. */

import { existsSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { verifyRecord } from "../../src/log/verify.ts";
import type { RecordStore } from "../../src/store/record-store.ts";

export interface Acknowledged {
  readonly leafIndex: number;
  readonly id: string;
}

/** The whole lines of `file`; a process that was killed may have left half of one. */
export function readAcknowledged(file: string): readonly Acknowledged[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const [leafIndex, id = ""] = line.split(" ");
    return { leafIndex: Number(leafIndex), id };
  });
}

/** Every acknowledged entry is where it was acknowledged to be, and the record verifies. */
export async function expectKept(
  store: RecordStore,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const { treeSize } = await store.readHead();
  const ids: string[] = [];
  while (ids.length < treeSize) {
    const entries = await store.readEntries(ids.length, 1_000);
    ids.push(...entries.map(({ listed }) => listed.id));
  }
  const lost = acknowledged.filter(({ leafIndex, id }) => ids[leafIndex] !== id);
  expect(lost).toEqual([]);
  expect(await verifyRecord(store)).toMatchObject({ ok: true, tree_size: treeSize });
}
