/** @module Failed tests and cases as diagnostics: where, at which expression, with which values. */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { CaseResult, TestSummary } from "./belay.ts";
import { hasFailed, type RunTest } from "./run-test.ts";

/** A value may be a whole request: of an expression or a value, this much is shown. */
const textLengthMax = 200;

/** Why a pack must not be put in force; empty where nothing failed. No test proves nothing. */
export function describeFailures(tests: TestSummary): readonly Diagnostic[] {
  if (tests.results.length === 0) {
    return [{ code: "no_test", message: "the pack has no test", file: "", row: 0, col: 0 }];
  }
  return describeFailed(tests);
}

/** The tests and cases that failed; empty where none did. */
export function describeFailed(tests: TestSummary): readonly Diagnostic[] {
  const failed = tests.results.filter(hasFailed);
  const failedCases = tests.cases.filter((one) => !one.passed);
  return [...failed.map(describeTest), ...failedCases.map(describeCase)];
}

function describeTest(test: RunTest): Diagnostic {
  const { location, failed_at: at, package: path, name, wasm } = test;
  const { file, row, col } = at ?? location;
  const known = (at?.values ?? []).map((one) => `${oneLine(one.name)} = ${oneLine(one.value)}`);
  const values = known.length === 0 ? "" : ` (${known.join(", ")})`;
  const expression = at === undefined ? "" : `: \`${oneLine(at.text)}\` is false or undefined`;
  const differs = wasm === undefined ? "" : `; it differs as WebAssembly: ${oneLine(wasm.message)}`;
  const message = `${path}.${name} failed${expression}${values}${differs}`;
  return { code: "test_failed", message, file, row, col };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > textLengthMax ? `${line.slice(0, textLengthMax)}…` : line;
}

function describeCase({ file, differences }: CaseResult): Diagnostic {
  return { code: "case_failed", message: differences.join("; "), file, row: 0, col: 0 };
}
