/** @module What `print` writes, as OPA writes it (`v1/topdown/print.go`). */

import { RegoSet, type RegoValue } from "../value.ts";
import { formatNotation, parseNotation } from "../value-notation.ts";

/** More lines than anybody reads; a call may stand for the product of all its arguments. */
const linesMax = 1_000;

/**
 * The line of one call. `argument` is what the compiler makes of `print(a, b)`: an array with a set
 * for each argument, empty where that is undefined. Several values give a line each.
 */
export function formatPrint(argument: Uint8Array): string {
  const columns = parseNotation(Buffer.from(argument).toString()) as readonly RegoValue[];
  let lines: readonly string[] = [""];
  columns.forEach((column, at) => {
    const values = column instanceof RegoSet ? column.elements : [column];
    const texts = values.length === 0 ? ["<undefined>"] : values.map(shown);
    const separator = at === 0 ? "" : " ";
    const next = lines.flatMap((line) => texts.map((text) => `${line}${separator}${text}`));
    lines = next.slice(0, linesMax);
  });
  return lines.join("\n");
}

function shown(value: RegoValue): string {
  return typeof value === "string" ? value : formatNotation(value, " ");
}
