/** @module Test results as a person reads them: what failed and with which values, then a summary. */

import type { CoverageReport } from "../../rego/toolchain/toolchain.ts";
import type { CaseResult, TestSummary } from "../../service/belay.ts";
import { hasFailed, type RunTest } from "../../service/run-test.ts";
import { plain, style } from "../terminal.ts";
import { count } from "./count.ts";
import { differenceLine, printedText } from "./test-results.ts";

export interface ReportOptions {
  /** Name the tests that passed too, with what they printed. */
  readonly verbose: boolean;
}

export function testReport(tests: TestSummary, options: ReportOptions): string {
  const { passed, failed, skipped, results, cases, coverage } = tests;
  const shown = options.verbose ? results : results.filter((one) => hasFailed(one) || one.skip);
  const shownCases = options.verbose ? cases : cases.filter((one) => !one.passed);
  const blocks = [...shown.map(describeTest), ...shownCases.map(describeCase)];
  const counts = [`${passed} passed`, `${failed} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  const colour = failed > 0 ? "red" : "green";
  return [
    ...blocks.flat(),
    ...(coverage === undefined ? [] : coverageLines(coverage)),
    `${style(colour, counts.join(", "))} (${testCounts(tests)})`,
  ].join("\n");
}

/** `3 tests, 1 case` */
export function testCounts({ results, cases }: TestSummary): string {
  return `${count(results.length, "test")}, ${count(cases.length, "case")}`;
}

function describeTest(result: RunTest): readonly string[] {
  const { location, package: path, name } = result;
  const heading = `${path}.${name}  ${style("dim", plain(`${location.file}:${location.row}`))}`;
  const printed = printedText(result).split("\n").slice(0, -1);
  const output = printed.map((line) => `      printed: ${plain(line)}`);
  if (result.skip === true) return [`${style("yellow", "SKIP")}  ${heading}`];
  if (!hasFailed(result)) return [`${style("green", "PASS")}  ${heading}`, ...output];
  return [`${style("red", "FAIL")}  ${heading}`, ...failureLines(result), ...output];
}

function failureLines(result: RunTest): readonly string[] {
  const { failed_at: at, error, wasm } = result;
  const difference = wasm === undefined ? [] : [`      ${plain(differenceLine(wasm))}`];
  if (error !== undefined) {
    const message = error["message"];
    const told = typeof message === "string" ? message : JSON.stringify(error);
    return [`      ${plain(told)}`, ...difference];
  }
  if (at === undefined) return difference;
  return [
    ...difference,
    `      ${plain(at.file)}:${at.row}:${at.col}: is false or undefined:`,
    ...at.text.split("\n").map((line) => `        ${plain(line)}`),
    ...at.values.map(({ name, value }) => `          ${plain(name)} = ${plain(value)}`),
  ];
}

function describeCase(one: CaseResult): readonly string[] {
  const heading = `${plain(one.file)}  ${style("dim", plain(one.description))}`;
  if (one.passed) return [`${style("green", "PASS")}  ${heading}`];
  return [
    `${style("red", "FAIL")}  ${heading}`,
    ...one.differences.map((difference) => `      ${plain(difference)}`),
  ];
}

function coverageLines(report: CoverageReport): readonly string[] {
  const files = Object.entries(report.files).flatMap(([path, file]) => {
    const ranges = (file.not_covered ?? []).map(({ start, end }) =>
      start.row === end.row ? `${start.row}` : `${start.row}-${end.row}`,
    );
    // OPA reports parts of a line, and the whole of it, as ranges of their own.
    const rows = [...new Set(ranges)].join(", ");
    return rows === "" ? [] : [`      ${plain(path)}: not covered in rows ${rows}`];
  });
  const lines = `${report.covered_lines} of ${report.covered_lines + report.not_covered_lines} lines`;
  return [`coverage ${report.coverage} % (${lines})`, ...files.sort()];
}
