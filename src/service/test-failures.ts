/** @module Failed tests and cases as diagnostics: where, at which expression, with which values. */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { TestResult } from "../rego/toolchain/toolchain.ts";
import type { CaseResult, TestSummary } from "./belay.ts";

/** Why a pack must not be put in force; empty where nothing failed. No test proves nothing. */
export function describeFailures(tests: TestSummary): readonly Diagnostic[] {
  if (tests.results.length === 0) {
    return [{ code: "no_test", message: "the pack has no test", file: "", row: 0, col: 0 }];
  }
  const failed = tests.results.filter((test) => test.fail === true || test.error !== undefined);
  const failedCases = tests.cases.filter((one) => !one.passed);
  return [...failed.map(describeTest), ...failedCases.map(describeCase)];
}

function describeTest(test: TestResult): Diagnostic {
  const { location, failed_at: at, package: path, name } = test;
  const { file, row, col } = at ?? location;
  const values = (at?.values ?? []).map((one) => `${one.name} = ${one.value}`).join(", ");
  const expression = at === undefined ? "" : `: \`${at.text}\` is false or undefined`;
  const message = `${path}.${name} failed${expression}${values === "" ? "" : ` (${values})`}`;
  return { code: "test_failed", message, file, row, col };
}

function describeCase({ file, differences }: CaseResult): Diagnostic {
  return { code: "case_failed", message: differences.join("; "), file, row: 0, col: 0 };
}
