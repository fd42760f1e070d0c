/**
 * @module JSON that keeps every number as it was written, and that is written as Go writes it.
 *
 * A number that JavaScript would print otherwise (`1.0`, `12345678901234567890`) stands in a
 * document as what `JSON.rawJSON` gives. `JSON.stringify` prints it as it came; nothing else reads it.
 */

import type { JsonObject, JsonValue } from "./json.ts";

/** @throws SyntaxError where `text` is not one JSON value */
export function parseExactJson(text: string): JsonValue {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined ? exactNumber(source) : value,
  ) as JsonValue;
}

/** The number that `literal`, in JSON's grammar, writes. */
export function exactNumber(literal: string): JsonValue {
  const double = Number(literal);
  return String(double) === literal ? double : JSON.rawJSON(literal);
}

/** What Go encodes: a `Map` is a struct, whose members keep their order, an object is a map. */
export type GoValue = JsonValue | readonly GoValue[] | ReadonlyMap<string, GoValue>;

/**
 * JSON text as Go's encoder gives it: members of objects in the order of their names' bytes, and
 * `<`, `>`, `&` and line separators escaped. `indent` blanks a level; all on one line where it is 0.
 */
export function formatGoJson(value: GoValue, indent = 0): string {
  return write(value, indent === 0 ? "" : "\n", " ".repeat(indent));
}

/** @param line what a line begins with: a line feed and the blanks of this level, or nothing */
function write(value: GoValue, line: string, step: string): string {
  if (Array.isArray(value)) {
    const items = (value as readonly GoValue[]).map((item) => write(item, line + step, step));
    return wrap("[", items, "]", line, step);
  }
  if (typeof value !== "object" || value === null || JSON.isRawJSON(value)) {
    return scalar(value);
  }
  const colon = line === "" ? ":" : ": ";
  const members = membersOf(value as JsonObject | ReadonlyMap<string, GoValue>);
  const texts = members.map(
    ([name, member]) => `${scalar(name)}${colon}${write(member, line + step, step)}`,
  );
  return wrap("{", texts, "}", line, step);
}

function membersOf(
  value: JsonObject | ReadonlyMap<string, GoValue>,
): readonly (readonly [string, GoValue])[] {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, GoValue>)];
  return Object.entries(value as JsonObject)
    .map((member) => ({ member, bytes: Buffer.from(member[0]) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ member }) => member);
}

function wrap(
  open: string,
  items: readonly string[],
  close: string,
  line: string,
  step: string,
): string {
  if (items.length === 0) return open + close;
  const inner = line + step;
  return `${open}${inner}${items.join(`,${inner}`)}${line}${close}`;
}

function scalar(value: JsonValue): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
