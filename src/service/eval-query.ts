/**
 * @module A query as the author types it: an entrypoint, which compiled policies answer, or any
 * other, which OPA's interpreter does.
 */

import type { SourceFile } from "../rego/toolchain/toolchain.ts";

/** The file of a diagnostic about the query itself, as OPA's traces call it. */
export const queryFile = "query";

const slashed = /^(?!(?:input|data)\/)[A-Za-z_]\w*(?:\/[\w-]+)+$/;
const dotted = /^data(?:\.[A-Za-z_]\w*|\["(?:[^"\\]|\\.)+"\])+$/;

/** The keys below `data` that `query` names and nothing more; undefined where it is another query. */
export function findEntrypoint(query: string): readonly string[] | undefined {
  const text = query.trim();
  if (slashed.test(text)) return text.split("/");
  if (!dotted.test(text)) return undefined;
  const parts = text.matchAll(/\.(\w+)|\[("(?:[^"\\]|\\.)+")\]/g);
  return [...parts].map(([, word, quoted]) => word ?? (JSON.parse(quoted ?? "") as string));
}

/** `a/b-c` as the reference that Rego has for it; any other query as it is. */
export function toRego(query: string): string {
  const text = query.trim();
  if (!slashed.test(text)) return query;
  return text
    .split("/")
    .reduce((path, key) => path + (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`), "data");
}

/** Whatever package holds the rule must not be reached by the query: that would be a recursion. */
const wrapper = "belay_eval_query";

export const wrappedEntrypoint = `${wrapper}/value`;

/**
 * A module whose rule has the value of `query`, where a rule can: it compiles only if the query is
 * one expression, and one without variables of its own, because those would be unsafe behind `not`.
 */
export function wrapQuery(query: string): SourceFile {
  const text = `package ${wrapper}\n\nvalue := (\n${query}\n)\n\nclosed if not (\n${query}\n)\n`;
  return { path: queryFile, text };
}

export interface Place {
  readonly row: number;
  readonly col: number;
}

/**
 * Where each of `texts`, the expressions of `query` in order, begins: 1-based rows and columns, in
 * code points, as OPA counts them.
 */
export function locateExpressions(query: string, texts: readonly string[]): readonly Place[] {
  let from = 0;
  return texts.map((text) => {
    const at = Math.max(query.indexOf(text, skipBetween(query, from)), from);
    from = at + text.length;
    const before = query.slice(0, at).split("\n");
    return { row: before.length, col: Array.from(before.at(-1) ?? "").length + 1 };
  });
}

/** Blanks, separators and comments may stand between expressions, and a comment may hold the next. */
function skipBetween(query: string, from: number): number {
  const between = /(?:[\s;]|#[^\n]*)*/y;
  between.lastIndex = from;
  between.test(query);
  return between.lastIndex;
}
