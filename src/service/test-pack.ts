/**
 * @module The tests of a pack: its Rego tests in OPA's own runner and again as WebAssembly, its cases
 * through the engine.
 */

import type { Bundle } from "../bundle/bundle.ts";
import { isCase, isTestModule, type Pack } from "../bundle/pack.ts";
import type {
  Checked,
  CoverageFile,
  CoverageReport,
  SourceFile,
  Sources,
  Tested,
  Toolchain,
} from "../rego/toolchain/toolchain.ts";
import type { CaseResult, TestSummary } from "./belay.ts";
import { runCase } from "./case.ts";
import { runCompiledTests } from "./compiled-tests.ts";
import { type CreateEvaluator, createEngine } from "./engine.ts";
import { hasFailed, type RunTest } from "./run-test.ts";

export interface TestOptions {
  /** RE2 pattern over test names; cases whose path contains it run too. */
  readonly run?: string;
  /** Costs more than the tests themselves. */
  readonly coverage?: boolean;
}

export interface TestDependencies {
  readonly toolchain: Toolchain;
  readonly createEvaluator: CreateEvaluator;
}

export interface TestPackRequest extends TestOptions, TestDependencies {
  readonly pack: Pack;
  /** The bundle built from that pack. */
  readonly bundle: Bundle;
  readonly library: readonly SourceFile[];
}

export async function testPack(request: TestPackRequest): Promise<Checked<TestSummary>> {
  const { pack, bundle, library, createEvaluator, run } = request;
  const sources = { files: [...library, ...pack.modules], data: pack.data };
  const tested = await testSources(sources, request);
  if (!tested.ok) return tested;
  const engine = createEngine(bundle, createEvaluator);
  engine.prepare();
  const cases = pack.documents
    .filter((file) => isCase(file) && (run === undefined || file.path.includes(run)))
    .map((file) => runCase(file, engine));
  return { ok: true, ...summariseTests(tested, cases, pack.modules) };
}

/** The Rego tests of plain sources. */
export async function testSources(
  sources: Sources,
  { toolchain, createEvaluator, run, coverage }: TestOptions & TestDependencies,
): Promise<Checked<RunTests>> {
  const pattern = run === undefined ? {} : { run };
  const tested = await toolchain.test({
    ...sources,
    ...pattern,
    ...(coverage === undefined ? {} : { coverage }),
  });
  if (!tested.ok) return tested;
  const { results } = tested;
  const compiled = await runCompiledTests({
    sources,
    results,
    toolchain,
    createEvaluator,
    nowMs: Date.now(),
    ...pattern,
  });
  return compiled.ok ? { ...tested, results: compiled.results } : compiled;
}

export interface RunTests extends Tested {
  readonly results: readonly RunTest[];
}

/** Counts what passed. The coverage is that of `modules`. */
export function summariseTests(
  tested: RunTests,
  cases: readonly CaseResult[],
  modules: readonly SourceFile[],
): TestSummary {
  const { results, coverage } = tested;
  const failed = results.filter(hasFailed).length;
  const skipped = results.filter((test) => test.skip === true).length;
  const casesFailed = cases.filter((one) => !one.passed).length;
  return {
    passed: results.length - failed - skipped + cases.length - casesFailed,
    failed: failed + casesFailed,
    skipped,
    results,
    cases,
    ...(coverage === undefined ? {} : { coverage: coverageOf(coverage, modules) }),
  };
}

/** The part of a report that speaks of the rules of `modules`: no tests, no library. */
function coverageOf(report: CoverageReport, modules: readonly SourceFile[]): CoverageReport {
  const wanted = new Set(modules.filter((file) => !isTestModule(file)).map((file) => file.path));
  const files = Object.fromEntries(
    Object.entries(report.files).filter(([path]) => wanted.has(path)),
  );
  const sum = (lines: (file: CoverageFile) => number | undefined): number =>
    Object.values(files).reduce((total, file) => total + (lines(file) ?? 0), 0);
  const covered = sum((file) => file.covered_lines);
  const notCovered = sum((file) => file.not_covered_lines);
  const all = covered + notCovered;
  return {
    files,
    covered_lines: covered,
    not_covered_lines: notCovered,
    coverage: all === 0 ? 100 : Math.round((10000 * covered) / all) / 100,
  };
}
