/**
 * @module The part of JSONPath (RFC 9535) a mapping may use: names, indexes, slices and wildcards.
 *
 * Filters and scripts are refused when the path is parsed and switched off where it is followed:
 * either alone keeps text of a mapping from running as code. Recursive descent and unions are
 * refused because they visit a node more than once, so that a short path could cost any time.
 */

import { JSONPath } from "jsonpath-plus";
import type { JsonObject, JsonValue } from "../base/json.ts";

export type ParsedJsonPath =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string };

const pathCharactersMax = 200;
const segment =
  /\.(?:\*|[A-Za-z_]\w*)|\[(?:\*|\d{1,6}|-?\d{0,6}:(?:-?\d{1,6})?|'[A-Za-z_]\w*'|"[A-Za-z_]\w*")\]/y;
/** Names that lead to an object's prototype wherever a reader forgets to ask for own members. */
const prototypeName = /\b(?:__proto__|constructor|prototype)\b/;

/** Checks `text` against the grammar above. The path it gives may be followed by `selectNodes`. */
export function parseJsonPath(text: string): ParsedJsonPath {
  if (text.length > pathCharactersMax) {
    return refuse(`a path has at most ${pathCharactersMax} characters`);
  }
  if (/[?()@`]/.test(text)) {
    return refuse("filters and scripts are never evaluated: choose series by `labels`");
  }
  if (text.includes("..")) return refuse("`..` is not supported: name each step");
  if (prototypeName.test(text)) return refuse("an answer has no member of that name");
  if (!text.startsWith("$")) return refuse("a path starts with `$`");
  segment.lastIndex = 1;
  while (segment.lastIndex < text.length) {
    const start = segment.lastIndex;
    if (!segment.test(text)) {
      return refuse(
        `not understood at character ${start + 1}: use names, indexes, slices and \`*\``,
      );
    }
  }
  return { ok: true, path: text };
}

/**
 * What `path`, checked by `parseJsonPath`, finds in `document`, in the document's order. Beyond the
 * RFC, characters of a text and the length of a list or text are found as well.
 */
export function selectNodes(path: string, document: JsonObject): readonly JsonValue[] {
  const found: unknown = JSONPath({ path, json: document, eval: false, wrap: true });
  return found as readonly JsonValue[];
}

function refuse(message: string): ParsedJsonPath {
  return { ok: false, message };
}
