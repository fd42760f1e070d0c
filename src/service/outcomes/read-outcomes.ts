/** @module Outcomes from a record, which is read page by page. */

import type { RecordReader } from "../../store/record-store.ts";
import { foldOutcomes, type OutcomeQuery, type Outcomes } from "./fold-outcomes.ts";
import { findFact, type OutcomeFact } from "./outcome-fact.ts";

/** A step belongs to a decision that is older: so much more is read. */
const lookBackMs = 86_400_000;

/**
 * @param pageSize entries that are read at once, 1..1000
 * @throws BelayError `log-corrupt`
 */
export async function readOutcomes(
  reader: RecordReader,
  query: OutcomeQuery,
  pageSize = 500,
): Promise<Outcomes> {
  const facts: OutcomeFact[] = [];
  const since = query.sinceMs === undefined ? {} : { sinceMs: query.sinceMs - lookBackMs };
  let before = {};
  for (;;) {
    const page = await reader.listEntries({ ...since, ...before, limit: pageSize });
    for (const entry of page) {
      const fact = findFact(entry);
      if (fact !== undefined) facts.push(fact);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    before = { beforeLeafIndex: last.leafIndex };
  }
  return foldOutcomes(facts.toReversed(), query);
}
