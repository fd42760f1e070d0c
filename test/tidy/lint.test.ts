/** The lint configuration on a copy with planted violations: each of them must be reported. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planted, targets } from "./planted.ts";
import { root } from "./tracked-files.ts";

interface LintReport {
  readonly number_of_files: number;
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
}

const lintedPaths = ["oxlint.config.ts", "tsconfig.json", "test/tidy/layer-table.ts"];

describe("lint", () => {
  const copy = mkdtempSync(join(tmpdir(), "belay-lint-"));
  let report: LintReport;

  beforeAll(() => {
    for (const path of lintedPaths) cpSync(join(root, path), join(copy, path));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const { path, text } of [...targets, ...planted]) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), text);
    }
    report = runLint(copy);
  });

  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  test(`${planted.length} planted files are reported exactly where they are wrong`, () => {
    expect(report.number_of_files).toBe(targets.length + planted.length);
    const seen = planted.map(({ path }) => ({ path, rules: codesOf(path) }));
    const wanted = planted.map(({ path, rule }) => ({ path, rules: rule ? [rule] : [] }));
    expect(seen).toEqual(wanted);
  });

  function codesOf(path: string): readonly string[] {
    const found = report.diagnostics.filter((diagnostic) => diagnostic.filename === path);
    return [...new Set(found.map((diagnostic) => diagnostic.code))];
  }
});

function runLint(directory: string): LintReport {
  const args = ["node_modules/oxlint/bin/oxlint", "--format=json", "src"];
  const maxBuffer = 64 * 1024 * 1024;
  try {
    execFileSync(process.execPath, args, { cwd: directory, encoding: "utf8", maxBuffer });
  } catch (error) {
    // Violations are what this run is for: it must not succeed, and the report is on stdout.
    return JSON.parse((error as { stdout: string }).stdout) as LintReport;
  }
  throw new Error("lint found nothing");
}
