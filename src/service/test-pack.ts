/** @module The tests of a pack: its Rego tests in OPA's own runner, its cases through the engine. */

import type { Bundle } from "../bundle/bundle.ts";
import { isCase, isTestModule, type Pack } from "../bundle/pack.ts";
import type {
  Checked,
  CoverageFile,
  CoverageReport,
  SourceFile,
  Toolchain,
} from "../rego/toolchain/toolchain.ts";
import type { TestSummary } from "./belay.ts";
import { runCase } from "./case.ts";
import { type CreateEvaluator, createEngine } from "./engine.ts";

export interface TestPackRequest {
  readonly pack: Pack;
  /** The bundle built from that pack. */
  readonly bundle: Bundle;
  readonly library: readonly SourceFile[];
  readonly toolchain: Toolchain;
  readonly createEvaluator: CreateEvaluator;
  /** RE2 pattern over test names; cases whose path it matches run too. */
  readonly run?: string;
}

export async function testPack(request: TestPackRequest): Promise<Checked<TestSummary>> {
  const { pack, bundle, library, toolchain, createEvaluator, run } = request;
  const tested = await toolchain.test({
    files: [...library, ...pack.modules],
    data: pack.data,
    coverage: true,
    ...(run === undefined ? {} : { run }),
  });
  if (!tested.ok) return tested;
  const engine = createEngine(bundle, createEvaluator);
  const cases = pack.documents
    .filter((file) => isCase(file) && (run === undefined || file.path.includes(run)))
    .map((file) => runCase(file, engine));
  const { results } = tested;
  const failed = results.filter((test) => test.fail === true || test.error !== undefined).length;
  const skipped = results.filter((test) => test.skip === true).length;
  const casesFailed = cases.filter((one) => !one.passed).length;
  return {
    ok: true,
    passed: results.length - failed - skipped + cases.length - casesFailed,
    failed: failed + casesFailed,
    skipped,
    results,
    cases,
    ...(tested.coverage === undefined ? {} : { coverage: coverageOf(tested.coverage, pack) }),
  };
}

/** The part of a report that speaks of the pack's own rules: no tests, no library. */
function coverageOf(report: CoverageReport, pack: Pack): CoverageReport {
  const wanted = new Set(pack.modules.filter((file) => !isTestModule(file)).map((m) => m.path));
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
