/** @module Reading back what is on record: decisions and kept bundles. */

import { BelayError } from "../base/errors.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import type { EntryQuery, RecordReader } from "../store/record-store.ts";
import type { BundleDetail, DecisionPage, RecordedDecision } from "./belay.ts";
import { recordedDecision } from "./decide.ts";

/** @throws BelayError `decision-not-found` */
export async function loadDecision(reader: RecordReader, id: string): Promise<RecordedDecision> {
  const entry = await reader.findEntry(id);
  if (entry?.leaf.kind !== "decision") {
    throw new BelayError("decision-not-found", `no decision \`${id}\` is on record`);
  }
  return recordedDecision(entry, await reader.readHead(), false);
}

/** Newest first. Erased decisions are left out. */
export async function listDecisions(
  reader: RecordReader,
  query: Omit<EntryQuery, "kind" | "channel">,
): Promise<DecisionPage> {
  const entries = await reader.listEntries({ ...query, kind: "decision" });
  const head = await reader.readHead();
  const decisions = entries
    .filter((entry) => entry.body !== undefined)
    .map((entry) => recordedDecision(entry, head, false));
  const last = entries.at(-1);
  const hasMore = last !== undefined && entries.length === query.limit && last.leafIndex > 0;
  return hasMore ? { decisions, next: last.leafIndex } : { decisions };
}

/** @throws BelayError `bundle-not-found`, `bundle-invalid` */
export async function loadBundle(reader: RecordReader, revision: string): Promise<BundleDetail> {
  const { kept, archive } = await loadKept(reader, revision);
  const opened = openBundle(archive);
  if (!opened.ok) throw new BelayError("bundle-invalid", opened.message);
  const { manifest, sources, documents, rules } = opened.bundle;
  return { bundle: kept, manifest, sources, documents, rules };
}

/** @throws BelayError `bundle-not-found` */
export async function loadArchive(reader: RecordReader, revision: string): Promise<Uint8Array> {
  return (await loadKept(reader, revision)).archive;
}

async function loadKept(
  reader: RecordReader,
  revision: string,
): Promise<NonNullable<Awaited<ReturnType<RecordReader["findBundle"]>>>> {
  const found = await reader.findBundle(revision);
  if (found === undefined) {
    throw new BelayError("bundle-not-found", `no bundle of revision \`${revision}\` is kept`);
  }
  return found;
}
