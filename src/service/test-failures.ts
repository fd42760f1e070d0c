/** @module Failed tests and cases as diagnostics: where, at which expression, with which values. */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { TestResult } from "../rego/toolchain/toolchain.ts";
import type { CaseResult, TestSummary } from "./belay.ts";

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
  const failed = tests.results.filter((test) => test.fail === true || test.error !== undefined);
  const failedCases = tests.cases.filter((one) => !one.passed);
  return [...failed.map(describeTest), ...failedCases.map(describeCase)];
}

function describeTest(test: TestResult): Diagnostic {
  const { location, failed_at: at, package: path, name } = test;
  const { file, row, col } = at ?? location;
  const known = (at?.values ?? []).map((one) => `${oneLine(one.name)} = ${oneLine(one.value)}`);
  const values = known.length === 0 ? "" : ` (${known.join(", ")})`;
  const expression = at === undefined ? "" : `: \`${oneLine(at.text)}\` is false or undefined`;
  const message = `${path}.${name} failed${expression}${values}`;
  return { code: "test_failed", message, file, row, col };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > textLengthMax ? `${line.slice(0, textLengthMax)}…` : line;
}

function describeCase({ file, differences }: CaseResult): Diagnostic {
  return { code: "case_failed", message: differences.join("; "), file, row: 0, col: 0 };
}
