/** @module A small policy that the toolchain's tests compile, run and break. */

import type { SourceFile } from "./toolchain.ts";

export function file(path: string, ...lines: string[]): SourceFile {
  return { path, text: `${lines.join("\n")}\n` };
}

export const burn = file(
  "burn/policy.rego",
  "# METADATA",
  "# title: Error budget burn",
  "# custom:",
  "#   owner: sre",
  "package burn",
  "",
  "# METADATA",
  "# entrypoint: true",
  'answer := {"count": count(finding), "code": "ANSWER"}',
  "",
  "# METADATA",
  "# title: Fast burn",
  'finding contains {"code": "FAST_BURN", "rate": row.rate} if {',
  "\tsome row in input.rows",
  "\trow.rate > data.limit",
  "}",
  "",
  'finding contains {"code": "SLOW_BURN", "rate": row.rate} if {',
  "\tsome row in input.rows",
  "\trow.rate > 1",
  "\trow.rate <= data.limit",
  "}",
);
