/** @module How measurements are shown: as a table on a terminal, as Markdown for the page, as JSON. */

import { cpus } from "node:os";

export type Row = Readonly<Record<string, string | number>>;

export type Format = "table" | "markdown" | "json";

/** Figures have to name the machine they come from. */
export function describeMachine(opaVersion: string | undefined): string {
  const cores = cpus();
  const opa = opaVersion === undefined ? "no OPA" : `OPA ${opaVersion}`;
  return `${String(cores.length)} cores (${cores[0]?.model.trim() ?? "unknown"}), Node ${process.versions.node}, ${opa}`;
}

export function printRows(rows: readonly Row[], format: Format): void {
  if (format === "table") console.table(rows);
  else if (format === "json") console.log(JSON.stringify(rows));
  else console.log(toMarkdown(rows));
}

export function toMarkdown(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [
    names,
    names.map(() => "---"),
    ...rows.map((row) => names.map((n) => row[n] ?? "")),
  ];
  return lines.map((cells) => `| ${cells.map(String).join(" | ")} |`).join("\n");
}

/** Three significant digits, thousands with a comma. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "";
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
