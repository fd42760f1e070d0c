/** @module YAML and JSON documents of a pack, parsed with the place of everything that is wrong. */

import type { z } from "@hono/zod-openapi";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Diagnostic } from "./diagnostic.ts";
import type { JsonValue } from "./json.ts";

export type ParsedDocument<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses `file` as YAML 1.2 (of which JSON is a part) and holds it against `schema`. Aliases are
 * bounded, so a document cannot grow on expansion; duplicate keys are refused.
 * @returns every problem with file, row and column; codes `yaml_error` and `schema_error`
 */
export function parseYamlDocument<T>(
  file: { readonly path: string; readonly text: string },
  schema: z.ZodType<T>,
): ParsedDocument<T> {
  const tooMuch = describeExcess(file.text);
  if (tooMuch !== undefined) return { ok: false, diagnostics: [complain(file.path, tooMuch)] };
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    const diagnostics = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      const message = error.message.split(" at line ")[0] ?? error.message;
      return { code: "yaml_error", message, file: file.path, row: line, col };
    });
    return { ok: false, diagnostics };
  }
  let raw: JsonValue;
  try {
    raw = document.toJS({ maxAliasCount: 100 }) as JsonValue;
  } catch (error) {
    const message = error instanceof Error ? error.message : "cannot be read";
    return { ok: false, diagnostics: [complain(file.path, message)] };
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const diagnostics = parsed.error.issues.map((issue) => {
    const named = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    const path = named === undefined ? issue.path : [...issue.path, named];
    const { line, col } = lines.linePos(offsetOf(document.contents, path));
    const where = path.length === 0 ? "" : `\`${path.map(String).join(".")}\`: `;
    return {
      code: "schema_error",
      message: `${where}${issue.message}`,
      file: file.path,
      row: line,
      col,
    };
  });
  return { ok: false, diagnostics };
}

/** The parser's time grows with the square of the depth, so depth is bounded before it begins. */
const depthMax = 100;
const charactersMax = 1024 * 1024;

function describeExcess(text: string): string | undefined {
  if (text.length > charactersMax) return `has more than ${charactersMax} characters`;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]|^ {200,}|^(?:- *){100,}/gm)) {
    depth += bracket === "]" || bracket === "}" ? -1 : 1;
    if (depth > depthMax || bracket.length > 1) return `is nested deeper than ${depthMax} levels`;
  }
  return undefined;
}

function complain(file: string, message: string): Diagnostic {
  return { code: "yaml_error", message, file, row: 1, col: 1 };
}

/** Offset of the deepest node on `path` that exists; a map's key rather than its value. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) return offset;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else {
      const items = (node as { items?: { range?: [number, number, number] | null }[] } | null)
        ?.items;
      const item = typeof key === "number" ? items?.[key] : undefined;
      if (item === undefined) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

/** Row and column of the deepest part of `path` that exists in a document that parses. */
export function findPlace(
  text: string,
  path: readonly PropertyKey[],
): { readonly row: number; readonly col: number } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const { line, col } = lines.linePos(offsetOf(document.contents, path));
  return { row: line, col };
}
