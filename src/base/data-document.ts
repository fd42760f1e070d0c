/** @module Documents that become `input` or `data`: JSON or YAML as OPA reads them, numbers as they are written. */

import { z } from "@hono/zod-openapi";
import { parseExactJson } from "./exact-json.ts";
import type { JsonValue } from "./json.ts";
import { jsonLimits, parseJsonText } from "./json-text.ts";
import { type ParsedDocument, parseYamlDocument } from "./yaml-document.ts";

export interface TextDocument {
  /** Only a name, for diagnostics. */
  readonly path: string;
  readonly text: string;
}

/** JSON where it is JSON, else YAML 1.2; what is neither is described as what it looks like. */
export function parseJsonOrYaml(file: TextDocument): ParsedDocument<JsonValue> {
  const json = parseJsonDocument(file);
  if (json.ok) return json;
  const yaml = parseYamlDocument(file, z.json() as z.ZodType<JsonValue>);
  return yaml.ok || !/^\s*["[{]/.test(file.text) ? yaml : json;
}

/** As a data file is read: `.json` must be JSON. */
export function parseDataFile(file: TextDocument): ParsedDocument<JsonValue> {
  return file.path.endsWith(".json") ? parseJsonDocument(file) : parseJsonOrYaml(file);
}

function parseJsonDocument(file: TextDocument): ParsedDocument<JsonValue> {
  try {
    return { ok: true, value: parseExactJson(file.text) };
  } catch (error) {
    return { ok: false, diagnostics: [describe(file, error)] };
  }
}

function describe({ path, text }: TextDocument, error: unknown) {
  const base = { code: "json_error", file: path, row: 1, col: 1 };
  if (error instanceof RangeError) return { ...base, message: "is nested too deep" };
  // V8 says what is wrong in words that change; our own scan says where, within its bounds.
  const scanned = parseJsonText(new TextEncoder().encode(text), {
    ...jsonLimits,
    bytesMax: Number.MAX_SAFE_INTEGER,
  });
  if (scanned.ok) return { ...base, message: "is not JSON" };
  const before = Buffer.from(text).subarray(0, scanned.offset).toString().split("\n");
  const col = (before.at(-1) ?? "").length + 1;
  return { ...base, message: scanned.message, row: before.length, col };
}
