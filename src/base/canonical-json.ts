/** @module Canonical JSON (RFC 8785, JCS): the only form that is hashed, logged or given to Rego. */

import { assert } from "./assert.ts";
import type { JsonValue } from "./json.ts";

/**
 * The RFC 8785 text of `value`: keys sorted by UTF-16 code units, shortest numbers, no spaces. A
 * member that is undefined is left out, as `JSON.stringify` leaves it out.
 * @throws BelayError `internal` for what JSON has not: NaN, an infinity, a lone surrogate
 */
export function canonicalJson(value: JsonValue): string {
  return writeValue(value, 0, []);
}

/** Member names as an object has them, and in the order and the form in which they are written. */
interface Shape {
  readonly names: readonly string[];
  readonly sorted: readonly string[];
  readonly labels: readonly string[];
}

/**
 * `shapes` has, for each depth, the shape seen there last. Documents are lists of like objects, so
 * that nearly every object finds its names sorted and quoted already; that is most of the work.
 */
function writeValue(value: JsonValue, depth: number, shapes: Shape[]): string {
  if (typeof value === "string") return writeText(value);
  if (typeof value === "number") {
    assert(Number.isFinite(value), "a number of JSON is finite");
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  assert(typeof value === "object", "a JSON value is no function and no symbol");
  return Array.isArray(value)
    ? writeArray(value as readonly JsonValue[], depth, shapes)
    : writeObject(value as { readonly [name: string]: JsonValue }, depth, shapes);
}

function writeArray(array: readonly JsonValue[], depth: number, shapes: Shape[]): string {
  let text = "[";
  for (let index = 0; index < array.length; index += 1) {
    if (index > 0) text += ",";
    text += writeValue(array[index] as JsonValue, depth + 1, shapes);
  }
  return `${text}]`;
}

function writeObject(
  object: { readonly [name: string]: JsonValue | undefined },
  depth: number,
  shapes: Shape[],
): string {
  const { sorted, labels } = shapeOf(Object.keys(object), depth, shapes);
  let text = "{";
  for (let index = 0; index < sorted.length; index += 1) {
    const member = object[sorted[index] as string];
    if (member === undefined) continue;
    if (text.length > 1) text += ",";
    text += labels[index] as string;
    text += writeValue(member, depth + 1, shapes);
  }
  return `${text}}`;
}

function shapeOf(names: readonly string[], depth: number, shapes: Shape[]): Shape {
  const last = shapes[depth];
  if (last !== undefined && hasSameNames(names, last.names)) return last;
  const sorted = [...names].sort();
  const shape = { names, sorted, labels: sorted.map((name) => `${writeText(name)}:`) };
  shapes[depth] = shape;
  return shape;
}

function hasSameNames(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index += 1) {
    if (names[index] !== others[index]) return false;
  }
  return true;
}

/** What has to be escaped, or is half of a surrogate pair, and so has to be looked at. */
const notPlain = /[\u0000-\u001f"\\\ud800-\udfff]/;

function writeText(text: string): string {
  if (!notPlain.test(text)) return `"${text}"`;
  assert(text.isWellFormed(), "text of JSON has no lone surrogate");
  return JSON.stringify(text);
}
