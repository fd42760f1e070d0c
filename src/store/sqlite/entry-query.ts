/**
 * @module The listing of entries as SQL that finds their leaf indexes, newest first, with conditions
 * only for what is asked. The rows themselves are read afterwards, one by one: found by index alone,
 * a listing deep in a large record stays cheap.
 */

import type { SQLInputValue } from "node:sqlite";
import { assert } from "../../base/assert.ts";
import type { EntryQuery } from "../record-store.ts";

const limitMax = 1_000;

export interface SqlQuery {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function createEntryQuery(query: EntryQuery): SqlQuery {
  const { limit } = query;
  assert(Number.isInteger(limit) && limit >= 1 && limit <= limitMax, "a limit is 1 to 1000");
  const conditions = conditionsOf(query);
  const where =
    conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`;
  const leafIndex = leafIndexOf(query);
  const tables = query.policy === undefined ? "entries" : tablesByPolicy;
  return {
    sql: `SELECT ${leafIndex} AS leaf_index FROM ${tables} ${where}
      ORDER BY ${leafIndex} DESC LIMIT ?`,
    values: [...conditions.flatMap(([, ...values]) => values), limit],
  };
}

/** CROSS JOIN, in SQLite, is a join in this order: along the policy's own index, newest first. */
const tablesByPolicy = "decision_policies AS named CROSS JOIN entries";

function leafIndexOf({ policy }: EntryQuery): string {
  return policy === undefined ? "entries.leaf_index" : "named.leaf_index";
}

type Condition = readonly [sql: string, ...values: SQLInputValue[]];

function conditionsOf(query: EntryQuery): readonly Condition[] {
  const { service, verdict, policy, channel, subject, sinceMs, untilMs, beforeLeafIndex } = query;
  const conditions: Condition[] = [...kindConditions(query)];
  if (policy !== undefined) {
    conditions.push(["named.policy = ? AND named.leaf_index = entries.leaf_index", policy]);
  }
  if (service !== undefined) conditions.push(["entries.service = ?", service]);
  if (verdict !== undefined) conditions.push(["entries.verdict = ?", verdict]);
  if (channel !== undefined) {
    conditions.push(["entries.channel = ? AND entries.kind <> 'decision'", channel]);
  }
  if (subject !== undefined) {
    conditions.push([
      "entries.leaf_index IN (SELECT leaf_index FROM marks WHERE subject = ?)",
      subject,
    ]);
  }
  if (sinceMs !== undefined || untilMs !== undefined) {
    // Always both bounds: SQLite takes the index on time for a range, not for one side of one.
    const range = [sinceMs ?? 0, untilMs ?? Number.MAX_SAFE_INTEGER] as const;
    conditions.push(["entries.time_ms BETWEEN ? AND ?", ...range]);
  }
  if (beforeLeafIndex !== undefined) {
    conditions.push([`${leafIndexOf(query)} < ?`, beforeLeafIndex]);
  }
  return conditions;
}

/** Literally the conditions of the partial indexes: SQLite does not look into parameters. */
function kindConditions({ kind, service, verdict }: EntryQuery): readonly Condition[] {
  if (kind === undefined) return [];
  if (kind !== "decision") return [["entries.kind = ? AND entries.kind <> 'decision'", kind]];
  // Only decisions have a service and a verdict; their indexes then answer without the row.
  return service === undefined && verdict === undefined ? [["entries.kind = 'decision'"]] : [];
}
