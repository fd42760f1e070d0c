/**
 * @module Rego values as text, in the notation of OPA's WebAssembly (`opa_value_dump`): JSON, with
 * sets (`{1, 2}`, `set()`) and with object keys of any kind. Only what a policy module or a builtin
 * wrote is read here; text from outside is `parseJsonText`'s.
 */

import type { JsonValue } from "../base/json.ts";
import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "./value.ts";

/**
 * The value with nothing lost.
 * @param readNumber what a literal becomes: where absent, a double if that is exactly the number
 * @throws SyntaxError where the text is not one value
 */
export function parseNotation(text: string, readNumber: ReadNumber = numberOf): RegoValue {
  const reader = new NotationReader(text, readNumber);
  const value = reader.value();
  reader.end();
  return value;
}

type ReadNumber = (literal: string) => number | RegoNumber;

/**
 * The value as JSON, as OPA gives results: sets become arrays in OPA's order, keys that are no
 * strings become their text, and numbers become doubles.
 * @throws SyntaxError where the text is not one value
 */
export function readJson(text: string): JsonValue {
  try {
    // Without a set and with keys that are strings, the notation is JSON.
    return JSON.parse(text) as JsonValue;
  } catch {
    return toJson(parseNotation(text));
  }
}

/** `space` stands behind commas and colons; with one it is as `print` and OPA's messages have it. */
export function formatNotation(value: RegoValue, space: "" | " " = ""): string {
  if (value instanceof RegoNumber) return value.literal;
  const list = (values: readonly RegoValue[]) =>
    values.map((one) => formatNotation(one, space)).join(`,${space}`);
  if (value instanceof RegoSet) {
    return value.elements.length === 0 ? "set()" : `{${list(value.elements)}}`;
  }
  if (value instanceof RegoObject) {
    const members = value.entries.map(
      ([key, member]) => `${formatNotation(key, space)}:${space}${formatNotation(member, space)}`,
    );
    return `{${members.join(`,${space}`)}}`;
  }
  return Array.isArray(value) ? `[${list(value as readonly RegoValue[])}]` : JSON.stringify(value);
}

/** As `readJson`, of a value. */
export function toJson(value: RegoValue): JsonValue {
  if (value instanceof RegoNumber) return Number(value.literal);
  if (value instanceof RegoSet) return value.elements.map(toJson);
  if (value instanceof RegoObject) {
    return Object.fromEntries(
      value.entries.map(([key, member]) => [textOfKey(key), toJson(member)]),
    );
  }
  if (Array.isArray(value)) return (value as readonly RegoValue[]).map(toJson);
  return value as JsonValue;
}

/** The value as JSON could hold it but for its numbers, which keep their digits. */
export function withoutSets(value: RegoValue): RegoValue {
  if (value instanceof RegoSet) return value.elements.map(withoutSets);
  if (value instanceof RegoObject) {
    return new RegoObject(
      value.entries.map(([key, member]) => [textOfKey(key), withoutSets(member)]),
    );
  }
  return Array.isArray(value) ? (value as readonly RegoValue[]).map(withoutSets) : value;
}

/** A key that is no string becomes its JSON. */
function textOfKey(key: RegoValue): string {
  return typeof key === "string" ? key : formatNotation(withoutSets(key));
}

/** A literal is a double where the double is written like that. */
function numberOf(literal: string): number | RegoNumber {
  const double = Number(literal);
  return String(double) === literal ? double : new RegoNumber(literal);
}

const number = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const space = /\s*/y;

class NotationReader {
  readonly #text: string;
  readonly #readNumber: ReadNumber;
  #at = 0;

  constructor(text: string, readNumber: ReadNumber) {
    this.#text = text;
    this.#readNumber = readNumber;
    this.#skipSpace();
  }

  value(): RegoValue {
    const first = this.#text[this.#at];
    if (first === '"') return JSON.parse(this.#take(string)) as string;
    if (first === "[") return this.#array();
    if (first === "{") return this.#objectOrSet();
    if (this.#takes("null")) return null;
    if (this.#takes("true")) return true;
    if (this.#takes("false")) return false;
    if (this.#takes("set()")) return new RegoSet([]);
    const value = this.#readNumber(this.#take(number));
    this.#skipSpace();
    return value;
  }

  end(): void {
    if (this.#at < this.#text.length) this.#refuse();
  }

  #array(): readonly RegoValue[] {
    this.#expect("[");
    const elements: RegoValue[] = [];
    while (!this.#takes("]")) {
      if (elements.length > 0) this.#expect(",");
      elements.push(this.value());
    }
    return elements;
  }

  #objectOrSet(): RegoObject | RegoSet {
    this.#expect("{");
    if (this.#takes("}")) return new RegoObject([]);
    const first = this.value();
    if (!this.#takes(":")) return this.#set(first);
    const entries: [RegoValue, RegoValue][] = [[first, this.value()]];
    while (!this.#takes("}")) {
      this.#expect(",");
      const key = this.value();
      this.#expect(":");
      entries.push([key, this.value()]);
    }
    return new RegoObject(entries);
  }

  #set(first: RegoValue): RegoSet {
    const elements = [first];
    while (!this.#takes("}")) {
      this.#expect(",");
      elements.push(this.value());
    }
    return new RegoSet(elements);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#refuse();
    this.#at += found.length;
    this.#skipSpace();
    return found;
  }

  #takes(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    this.#skipSpace();
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) this.#refuse();
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #refuse(): never {
    throw new SyntaxError(`not in value notation at character ${this.#at}`);
  }
}
