/** @module The tests of several folders as one result. */

import type { CoverageReport } from "../rego/toolchain/toolchain.ts";
import type { TestSummary } from "../service/belay.ts";

export function combineTests(all: readonly TestSummary[]): TestSummary {
  const sum = (count: (tests: TestSummary) => number): number =>
    all.reduce((total, tests) => total + count(tests), 0);
  const reports = all.flatMap(({ coverage }) => coverage ?? []);
  return {
    passed: sum((tests) => tests.passed),
    failed: sum((tests) => tests.failed),
    skipped: sum((tests) => tests.skipped),
    results: all.flatMap((tests) => tests.results),
    cases: all.flatMap((tests) => tests.cases),
    ...(reports.length === 0 ? {} : { coverage: combineCoverage(reports) }),
  };
}

function combineCoverage(reports: readonly CoverageReport[]): CoverageReport {
  const covered = reports.reduce((total, report) => total + report.covered_lines, 0);
  const notCovered = reports.reduce((total, report) => total + report.not_covered_lines, 0);
  const all = covered + notCovered;
  return {
    files: Object.assign({}, ...reports.map((report) => report.files)) as CoverageReport["files"],
    covered_lines: covered,
    not_covered_lines: notCovered,
    // Two decimals, rounded, as OPA gives it.
    coverage: all === 0 ? 100 : Math.round((10_000 * covered) / all) / 100,
  };
}
