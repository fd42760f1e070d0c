/** @module A recorded decision as text. */

import { assert } from "../base/assert.ts";
import type { RecordedDecision } from "../service/belay.ts";

/**
 * The decision with its place in the record, and nothing else. It is the recorded text itself, so a
 * decision reads the same, byte for byte, when it is made and whenever it is read again.
 */
export function decisionText({ decisionJson, record }: RecordedDecision): string {
  assert(decisionJson.startsWith('{"'), "a decision is an object that is not empty");
  return `${decisionJson.slice(0, -1)},"record":${JSON.stringify(record)}}`;
}
