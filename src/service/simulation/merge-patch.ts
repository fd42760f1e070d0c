/** @module JSON Merge Patch (RFC 7396): what a drill changes of a request. */

import type { JsonValue } from "../../base/json.ts";
import { isObject, objectOf } from "./loose-json.ts";

/** `patch` over `target`: members of objects one by one, `null` takes away, the rest is replaced. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(objectOf(target)));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
