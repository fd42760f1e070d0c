/** @module Paths as the user knows them: below the folder that was named on the command line. */

import { posix } from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { CoverageReport } from "../rego/toolchain/toolchain.ts";
import type { CaseResult, TestSummary } from "../service/belay.ts";
import type { MutationSummary, TriedMutant } from "../service/mutation.ts";
import type { RunTest } from "../service/run-test.ts";

/** `policies/` and `slo_burn/policy.rego` give `policies/slo_burn/policy.rego`. */
export function shownPath(folder: string, path: string): string {
  // Belay's own library travels in every bundle as `belay/…` and is not below the user's folder.
  if (path.startsWith("belay/")) return path;
  return path === "" ? folder : posix.join(folder, path);
}

/** A diagnostic without a file is about the folder as a whole. */
export function shownDiagnostics(
  folder: string,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  return diagnostics.map((one) => ({ ...one, file: shownPath(folder, one.file) }));
}

export function shownTests<T extends TestSummary>(folder: string, tests: T): T {
  return {
    ...tests,
    results: tests.results.map((result) => shownResult(folder, result)),
    cases: tests.cases.map((one): CaseResult => ({ ...one, file: shownPath(folder, one.file) })),
    ...(tests.coverage === undefined ? {} : { coverage: shownCoverage(folder, tests.coverage) }),
  };
}

export function shownMutants(folder: string, mutation: MutationSummary): readonly TriedMutant[] {
  return mutation.mutants.map((one) => ({ ...one, file: shownPath(folder, one.file) }));
}

function shownResult(folder: string, result: RunTest): RunTest {
  const { location, failed_at: failedAt } = result;
  return {
    ...result,
    location: { ...location, file: shownPath(folder, location.file) },
    ...(failedAt === undefined
      ? {}
      : { failed_at: { ...failedAt, file: shownPath(folder, failedAt.file) } }),
  };
}

function shownCoverage(folder: string, coverage: CoverageReport): CoverageReport {
  const files = Object.entries(coverage.files).map(([path, file]) => [
    shownPath(folder, path),
    file,
  ]);
  return { ...coverage, files: Object.fromEntries(files) as CoverageReport["files"] };
}
