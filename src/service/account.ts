/** @module Accounts of decisions, in Markdown: of one on record, or of one that is at hand. */

import { createAccount } from "../decision/account.ts";
import type { Decision } from "../decision/decision.ts";
import type { RecordReader } from "../store/record-store.ts";
import { loadDecision } from "./read-record.ts";

/** @throws BelayError `decision-not-found` */
export async function loadAccount(reader: RecordReader, id: string): Promise<string> {
  return accountOf((await loadDecision(reader, id)).decision);
}

export function accountOf(decision: Decision): string {
  return createAccount(decision);
}
