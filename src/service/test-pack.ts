/**
 * @module The tests of a pack: its Rego tests in OPA's own runner and again as WebAssembly, its cases
 * through the engine.
 */

import type { Bundle } from "../bundle/bundle.ts";
import { isCase, isTestModule, type Pack } from "../bundle/pack.ts";
import type {
  Checked,
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
  /** Told what is being done, each time something else begins: `compiling the tests`. */
  readonly onProgress?: (doing: string) => void;
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
  const { pack, bundle, library, createEvaluator, run, onProgress } = request;
  const sources = { files: [...library, ...pack.modules], data: pack.data };
  const tested = await testSources(sources, pack.modules, request);
  if (!tested.ok) return tested;
  const engine = createEngine(bundle, createEvaluator);
  engine.prepare();
  onProgress?.("deciding the cases");
  const cases = pack.documents
    .filter((file) => isCase(file) && (run === undefined || file.path.includes(run)))
    .map((file) => runCase(file, engine));
  return { ok: true, ...summariseTests(tested, cases) };
}

/** The Rego tests of plain sources. Coverage is that of the rules of `modules`, which are among them. */
export async function testSources(
  sources: Sources,
  modules: readonly SourceFile[],
  { toolchain, createEvaluator, run, coverage, onProgress }: TestOptions & TestDependencies,
): Promise<Checked<RunTests>> {
  const pattern = run === undefined ? {} : { run };
  onProgress?.("running the tests");
  const tested = await toolchain.test({
    ...sources,
    ...pattern,
    ...(coverage === true ? { coverage: pathsOfRules(modules) } : {}),
  });
  if (!tested.ok) return tested;
  const { results } = tested;
  onProgress?.("compiling the tests, and running them as WebAssembly");
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

function pathsOfRules(modules: readonly SourceFile[]): readonly string[] {
  return modules.filter((file) => !isTestModule(file)).map((file) => file.path);
}

/** Counts what passed. */
export function summariseTests(tested: RunTests, cases: readonly CaseResult[]): TestSummary {
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
    ...(coverage === undefined ? {} : { coverage }),
  };
}
