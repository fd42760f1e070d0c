/** @module JSON Pointers (RFC 6901): made from a path, and looked up in a document. */

import type { JsonValue } from "../base/json.ts";
import { escapePointer } from "../base/json-difference.ts";

/** Longer keys are cut: no schema has them, and they would fill a message. */
const tokenLengthMax = 200;

/** The pointer of a path of keys and indexes. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((token) => `/${escapePointer(String(token).slice(0, tokenLengthMax).toWellFormed())}`)
    .join("");
}

/** The value `pointer` leads to; undefined where it leads nowhere or is no pointer. */
export function findAtPointer(document: JsonValue, pointer: string): JsonValue | undefined {
  if (pointer === "") return document;
  if (!pointer.startsWith("/")) return undefined;
  let current: JsonValue | undefined = document;
  for (const escaped of pointer.slice(1).split("/")) {
    const token = unescapeToken(escaped);
    if (token === undefined) return undefined;
    current = findMember(current, token);
    if (current === undefined) return undefined;
  }
  return current;
}

/** Undefined for a `~` that escapes nothing. */
function unescapeToken(escaped: string): string | undefined {
  if (!escaped.includes("~")) return escaped;
  if (/~(?![01])/.test(escaped)) return undefined;
  return escaped.replaceAll("~1", "/").replaceAll("~0", "~");
}

function findMember(container: JsonValue, token: string): JsonValue | undefined {
  if (typeof container !== "object" || container === null) return undefined;
  if (Array.isArray(container)) {
    return /^(0|[1-9][0-9]*)$/.test(token) ? (container[Number(token)] as JsonValue) : undefined;
  }
  const object = container as { readonly [key: string]: JsonValue };
  return Object.hasOwn(object, token) ? object[token] : undefined;
}

/**
 * `document` with `value` where `pointer` leads, everything beside the way shared with it. A pointer
 * that leads nowhere changes nothing.
 */
export function replaceAtPointer<T>(document: T, pointer: string, value: JsonValue): T {
  const tokens = pointer.split("/").slice(1).map(unescapeToken);
  return replaceAt(document as JsonValue, tokens, value) as T;
}

function replaceAt(
  container: JsonValue,
  [token, ...rest]: readonly (string | undefined)[],
  value: JsonValue,
): JsonValue {
  if (token === undefined) return container;
  const member = findMember(container, token);
  if (member === undefined) return container;
  const replaced = rest.length === 0 ? value : replaceAt(member, rest, value);
  if (Array.isArray(container)) {
    return (container as readonly JsonValue[]).with(Number(token), replaced);
  }
  return { ...(container as { readonly [key: string]: JsonValue }), [token]: replaced };
}
