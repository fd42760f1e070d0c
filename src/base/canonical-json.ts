/** @module Canonical JSON (RFC 8785, JCS): the only form that is hashed, logged or given to Rego. */

import serialize from "canonicalize";
import { assert } from "./assert.ts";
import type { JsonValue } from "./json.ts";

/** The RFC 8785 text of `value`: keys sorted by UTF-16 code units, shortest numbers, no spaces. */
export function canonicalJson(value: JsonValue): string {
  const text = serialize(value);
  assert(text !== undefined, "a JSON value has a canonical form");
  return text;
}
