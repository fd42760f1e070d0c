/**
 * @module JSON text from outside, parsed strictly and within bounds. What `JSON.parse` would change
 * or lose without a word is refused: a second member of the same name, a lone surrogate, a number
 * beyond 2^53 - 1, bytes that are not UTF-8. Size, depth and count are checked before anything is
 * built, so that the cost of a refusal is bounded by the bytes read so far.
 *
 * Grammar: RFC 8259. The restrictions are those of I-JSON (RFC 7493) and, for `__proto__`, ours.
 */

import { assert } from "./assert.ts";
import type { JsonValue } from "./json.ts";
import { type JsonLimits, JsonRefusal, JsonScan, type Refusal } from "./json-scan.ts";

export type { JsonLimits } from "./json-scan.ts";

/** What a request body may be. */
export const jsonLimits: JsonLimits = { bytesMax: 1_048_576, depthMax: 64, nodesMax: 50_000 };

export type JsonText =
  | { readonly ok: true; readonly value: JsonValue }
  | ({ readonly ok: false } & Refusal);

/** Parses `bytes` as one JSON value. Never throws on any input. */
export function parseJsonText(bytes: Uint8Array, limits: JsonLimits = jsonLimits): JsonText {
  if (bytes.length > limits.bytesMax) {
    const message = `more than ${limits.bytesMax} bytes`;
    return { ok: false, code: "input-too-large", offset: limits.bytesMax, message };
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const offset = invalidUtf8Offset(bytes);
    return { ok: false, code: "malformed-json", offset, message: "the text is not UTF-8" };
  }
  try {
    const scan = new JsonScan(bytes, limits);
    scan.run();
    const value = JSON.parse(text) as JsonValue;
    // Fewer members in the value than in the text: a name stood there twice. Comparing two counts
    // is several times cheaper than a set of names for each object.
    if (countMembers(value) !== scan.memberCount) {
      new JsonScan(bytes, limits, { checkNames: true }).run();
      assert(false, "the second scan finds the name that the member counts disagree about");
    }
    return { ok: true, value };
  } catch (error) {
    if (error instanceof JsonRefusal) return { ok: false, ...error.refusal };
    throw error;
  }
}

/** Members of all objects in `value`; NaN, equal to no count, where one is named `__proto__`. */
function countMembers(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value as readonly JsonValue[]) count += countMembers(element);
    return count;
  }
  const members = value as { readonly [name: string]: JsonValue };
  for (const name of Object.keys(members)) {
    if (name === "__proto__") return Number.NaN;
    count += 1 + countMembers(members[name] as JsonValue);
  }
  return count;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The longest prefix that could still become UTF-8, found by bisection. */
function invalidUtf8Offset(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true });
      decoder.decode(bytes.subarray(0, middle), { stream: middle < bytes.length });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return Math.min(good, bytes.length);
}
