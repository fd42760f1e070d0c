/** @module The base document `data`, put together from documents that each have a place in it. */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";

export interface PlacedDocument {
  /** The file it came from, for diagnostics. */
  readonly file: string;
  /** Where it lies below `data`. */
  readonly path: readonly string[];
  readonly value: JsonValue;
}

export type BaseDocument =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Objects are merged; anything else that stands twice at one place is refused, as OPA does. */
export function mergeDocuments(documents: readonly PlacedDocument[]): BaseDocument {
  const diagnostics: Diagnostic[] = [];
  let data: JsonObject = {};
  for (const { file, path, value } of documents) {
    const whole = path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
    if (!isObject(whole)) {
      diagnostics.push(refuse(file, "must be an object, because it lies at the root of `data`"));
      continue;
    }
    const conflict = findConflict(data, whole);
    if (conflict === undefined) data = merge(data, whole);
    else diagnostics.push(refuse(file, `\`data.${conflict.join(".")}\` has a value already`));
  }
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, data };
}

function findConflict(a: JsonObject, b: JsonObject): readonly string[] | undefined {
  for (const [key, value] of Object.entries(b)) {
    if (!Object.hasOwn(a, key)) continue;
    const other = a[key] as JsonValue;
    if (!isObject(other) || !isObject(value)) return [key];
    const below = findConflict(other, value);
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const merged = Object.entries(b).map(([key, value]) => {
    const other = Object.hasOwn(a, key) ? a[key] : undefined;
    return [key, isObject(other) ? merge(other, value as JsonObject) : value];
  });
  return { ...a, ...(Object.fromEntries(merged) as JsonObject) };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value)
  );
}

function refuse(file: string, message: string): Diagnostic {
  return { code: "data_error", message, file, row: 0, col: 0 };
}
