/** @module Reading JSON that no schema has seen: what is not of the wanted form is passed over. */

import type { JsonObject, JsonValue } from "../../base/json.ts";

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The first that is a text; empty where none is. */
export function textOf(...values: readonly (JsonValue | undefined)[]): string {
  return values.find((value) => typeof value === "string") ?? "";
}
