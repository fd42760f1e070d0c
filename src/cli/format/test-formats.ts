/** @module Everything that `belay test` can print or write, by the name of the format. */

import type { Diagnostic } from "../../base/diagnostic.ts";
import type { CoverageReport } from "../../rego/toolchain/toolchain.ts";
import type { TestSummary } from "../../service/belay.ts";
import { describeFailed } from "../../service/test-failures.ts";
import { coberturaXml, lcovText } from "./coverage.ts";
import { githubAnnotations, sarifLog } from "./findings.ts";
import { testReport } from "./test-report.ts";
import { junitXml, opaTestResults } from "./test-results.ts";

export interface TestFormatOptions {
  /** The release of Belay. */
  readonly version: string;
  readonly nowMs: number;
  readonly verbose: boolean;
  /** Coverage is what was asked for, where a format has either that or results. */
  readonly coverage: boolean;
}

type TestFormat = (tests: TestSummary, options: TestFormatOptions) => string;

/** Text without a last line feed. Paths stand as they do in `tests`. */
export const testFormats = {
  pretty: testReport,
  json: (tests, { coverage }) =>
    JSON.stringify(coverage ? tests.coverage : opaTestResults(tests), null, 2),
  junit: junitXml,
  sarif: (tests, options) => findingFormats.sarif(describeFailed(tests), options),
  github: (tests, options) =>
    [testReport(tests, options), ...githubAnnotations(describeFailed(tests))].join("\n"),
  lcov: (tests) => lcovText(coverageOf(tests)),
  cobertura: (tests, { nowMs }) => coberturaXml(coverageOf(tests), nowMs),
} as const satisfies Readonly<Record<string, TestFormat>>;

export type TestFormatName = keyof typeof testFormats;

/** The formats that have something to say where nothing could be tested. */
export const findingFormats = {
  sarif: (diagnostics, { version }) => JSON.stringify(sarifLog(diagnostics, version), null, 2),
  github: (diagnostics) => githubAnnotations(diagnostics).join("\n"),
} as const satisfies Readonly<
  Record<
    string,
    (diagnostics: readonly Diagnostic[], options: Pick<TestFormatOptions, "version">) => string
  >
>;

export function isFindingFormat(name: string): name is keyof typeof findingFormats {
  return Object.hasOwn(findingFormats, name);
}

export function isCoverageFormat(name: string): boolean {
  return name === "lcov" || name === "cobertura";
}

const noCoverage: CoverageReport = {
  files: {},
  covered_lines: 0,
  not_covered_lines: 0,
  coverage: 100,
};

function coverageOf({ coverage }: TestSummary): CoverageReport {
  return coverage ?? noCoverage;
}
