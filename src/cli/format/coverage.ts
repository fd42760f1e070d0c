/** @module Coverage as CI servers and editors read it: LCOV, and Cobertura's XML. */

import { posix } from "node:path";
import type { CoverageFile, CoverageReport } from "../../rego/toolchain/toolchain.ts";
import { escapeXml } from "./xml.ts";

interface FileLines {
  readonly path: string;
  readonly lines: readonly { readonly row: number; readonly isCovered: boolean }[];
  readonly covered: number;
}

/** A tracefile of `lcov`: a record for each file, a line for each row that has code. */
export function lcovText(report: CoverageReport): string {
  return listFiles(report)
    .flatMap(({ path, lines, covered }) => [
      "TN:",
      // A line feed in a name would begin another field.
      `SF:${path.replaceAll(/[\r\n]/g, " ")}`,
      ...lines.map(({ row, isCovered }) => `DA:${row},${isCovered ? 1 : 0}`),
      `LF:${lines.length}`,
      `LH:${covered}`,
      "end_of_record",
    ])
    .join("\n");
}

/** @param nowMs the time of the report, epoch milliseconds, which the format wants */
export function coberturaXml(report: CoverageReport, nowMs: number): string {
  const packages = Map.groupBy(listFiles(report), ({ path }) => posix.dirname(path));
  const all = [...packages.values()].flat();
  const valid = all.reduce((sum, { lines }) => sum + lines.length, 0);
  const covered = all.reduce((sum, file) => sum + file.covered, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">',
    `<coverage ${rates(all)} lines-covered="${covered}" lines-valid="${valid}" branches-covered="0" branches-valid="0" version="belay" timestamp="${nowMs}">`,
    "  <sources>",
    "    <source>.</source>",
    "  </sources>",
    "  <packages>",
    ...[...packages].flatMap(([name, files]) => [
      `    <package name="${escapeXml(name)}" ${rates(files)}>`,
      "      <classes>",
      ...files.flatMap(classXml),
      "      </classes>",
      "    </package>",
    ]),
    "  </packages>",
    "</coverage>",
  ].join("\n");
}

function classXml(file: FileLines): readonly string[] {
  const name = escapeXml(posix.basename(file.path));
  return [
    `        <class name="${name}" filename="${escapeXml(file.path)}" ${rates([file])}>`,
    "          <methods/>",
    "          <lines>",
    ...file.lines.map(
      ({ row, isCovered }) => `            <line number="${row}" hits="${isCovered ? 1 : 0}"/>`,
    ),
    "          </lines>",
    "        </class>",
  ];
}

/** Rego has no branches that anybody counts. */
function rates(files: readonly FileLines[]): string {
  const valid = files.reduce((sum, { lines }) => sum + lines.length, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const rate = valid === 0 ? 1 : Math.round((10_000 * covered) / valid) / 10_000;
  return `line-rate="${rate}" branch-rate="0" complexity="0"`;
}

function listFiles(report: CoverageReport): readonly FileLines[] {
  return Object.entries(report.files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, file]) => ({ path, ...linesOf(file) }));
}

/** A row of which a part ran counts as covered, as OPA counts. */
function linesOf(file: CoverageFile): Pick<FileLines, "lines" | "covered"> {
  const rows = new Map<number, boolean>();
  for (const [ranges, isCovered] of [
    [file.not_covered ?? [], false],
    [file.covered ?? [], true],
  ] as const) {
    for (const { start, end } of ranges) {
      for (let row = start.row; row <= end.row; row += 1) rows.set(row, isCovered);
    }
  }
  const lines = [...rows]
    .map(([row, isCovered]) => ({ row, isCovered }))
    .sort((a, b) => a.row - b.row);
  return { lines, covered: lines.filter(({ isCovered }) => isCovered).length };
}
