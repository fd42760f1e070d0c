/** @module Where two JSON documents differ, as JSON Pointers (RFC 6901). */

import type { JsonValue } from "./json.ts";

export interface JsonDifference {
  readonly path: string;
  /** Absent where the place exists on the other side only. */
  readonly left?: JsonValue;
  readonly right?: JsonValue;
}

/** Every place where `left` and `right` differ, deepest first common path, in document order. */
export function compareJson(
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  path = "",
): readonly JsonDifference[] {
  if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) =>
      compareJson(member(left, key), member(right, key), `${path}/${escapePointer(key)}`),
    );
  }
  if (left === right) return [];
  return [
    {
      path,
      ...(left === undefined ? {} : { left }),
      ...(right === undefined ? {} : { right }),
    },
  ];
}

/** One reference token of a JSON Pointer. */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

type Container = Readonly<Record<string, JsonValue>>;

function isContainer(value: JsonValue | undefined): value is Container & JsonValue {
  return typeof value === "object" && value !== null;
}

function member(container: Container, key: string): JsonValue | undefined {
  return Object.hasOwn(container, key) ? container[key] : undefined;
}
