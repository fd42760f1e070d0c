/** @module A Rego value as `opa eval` prints it: sets as arrays, keys as text, numbers as written. */

import { exactNumber, formatGoJson } from "../base/exact-json.ts";
import type { JsonValue } from "../base/json.ts";
import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "../rego/value.ts";
import { parseNotation } from "../rego/value-notation.ts";

/**
 * The document of a value in value notation; `parseExactJson` says how its numbers stand in it.
 * @throws SyntaxError where the text is not one value
 */
export function readExactJson(notation: string): JsonValue {
  return toExactJson(parseNotation(notation, (literal) => new RegoNumber(literal)));
}

function toExactJson(value: RegoValue): JsonValue {
  if (value instanceof RegoNumber) return exactNumber(value.literal);
  if (value instanceof RegoSet) return value.elements.map(toExactJson);
  if (value instanceof RegoObject) {
    return Object.fromEntries(
      value.entries.map(([key, member]) => [textOf(key), toExactJson(member)]),
    );
  }
  if (Array.isArray(value)) return (value as readonly RegoValue[]).map(toExactJson);
  return value as JsonValue;
}

function textOf(key: RegoValue): string {
  return typeof key === "string" ? key : formatGoJson(toExactJson(key));
}
