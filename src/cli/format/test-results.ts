/** @module Test results as programs read them: `opa test --format=json`, and JUnit XML. */

import type { CaseResult, TestSummary } from "../../service/belay.ts";
import { hasFailed, type RunTest, type WasmOutcome } from "../../service/run-test.ts";
import { escapeXml } from "./xml.ts";

/**
 * The array that `opa test --format=json` prints. Cases are elements of the same shape: their
 * package is their folder, and `output` (base64, as OPA's) holds what differed.
 */
export function opaTestResults(tests: TestSummary): readonly RunTest[] {
  return [...tests.results, ...tests.cases.map(asTestResult)];
}

function asTestResult({ file, differences, passed }: CaseResult): RunTest {
  const slash = file.lastIndexOf("/");
  return {
    location: { file, row: 1, col: 1 },
    package: file.slice(0, slash),
    name: file.slice(slash + 1).replace(/\.yaml$/, ""),
    ...(passed ? {} : { fail: true }),
    duration: 0,
    ...(passed ? {} : { output: encodeBase64(`${differences.join("\n")}\n`) }),
  };
}

/** What `print` wrote during the test. */
export function printedText(result: RunTest): string {
  return result.output === undefined ? "" : Buffer.from(result.output, "base64").toString("utf8");
}

function encodeBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** JUnit XML as CI servers read it: one suite per package, times in seconds. */
export function junitXml(tests: TestSummary): string {
  const suites = new Map<string, RunTest[]>();
  for (const result of opaTestResults(tests)) {
    suites.set(result.package, [...(suites.get(result.package) ?? []), result]);
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests.passed + tests.failed + tests.skipped}" failures="${tests.failed}" skipped="${tests.skipped}">`,
    ...[...suites].flatMap(([name, results]) => suiteXml(name, results)),
    "</testsuites>",
  ].join("\n");
}

function suiteXml(name: string, results: readonly RunTest[]): readonly string[] {
  const failures = results.filter(hasFailed).length;
  const skipped = results.filter((result) => result.skip === true).length;
  const counts = `tests="${results.length}" failures="${failures}" skipped="${skipped}"`;
  return [
    `  <testsuite name="${escapeXml(name)}" ${counts}>`,
    ...results.flatMap((result) => testCaseXml(result)),
    "  </testsuite>",
  ];
}

function testCaseXml(result: RunTest): readonly string[] {
  const { file, row } = result.location;
  const seconds = (result.duration / 1e9).toFixed(6);
  const attributes = [
    `name="${escapeXml(result.name)}"`,
    `classname="${escapeXml(result.package)}"`,
    `file="${escapeXml(file)}"`,
    `line="${row}"`,
    `time="${seconds}"`,
  ].join(" ");
  if (result.skip === true) {
    return [`    <testcase ${attributes}>`, "      <skipped/>", "    </testcase>"];
  }
  if (!hasFailed(result)) return [`    <testcase ${attributes}/>`];
  return [
    `    <testcase ${attributes}>`,
    `      <failure message="${escapeXml(failureLine(result))}">${escapeXml(printedText(result))}</failure>`,
    "    </testcase>",
  ];
}

/** One line that says where and at what a test stopped. */
function failureLine(result: RunTest): string {
  const { failed_at: at, error, wasm } = result;
  if (wasm !== undefined) return differenceLine(wasm);
  if (error !== undefined) return JSON.stringify(error);
  if (at === undefined) return `failed at ${result.location.file}:${result.location.row}`;
  const values = at.values.map(({ name, value }) => `${name} = ${value}`).join(", ");
  return `${at.file}:${at.row}:${at.col}: ${at.text}${values === "" ? "" : ` (${values})`}`;
}

/** What a test did where policies run, when that is not what it did in the interpreter. */
export function differenceLine(wasm: WasmOutcome): string {
  return `differs as WebAssembly: ${wasm.message}`;
}
