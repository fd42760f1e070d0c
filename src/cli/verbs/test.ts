/** @module `belay test`: the Rego tests of a pack and its cases. */

import { BelayError } from "../../base/errors.ts";
import type { TestSummary } from "../../service/belay.ts";
import { combineTests } from "../combine-tests.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { testReport } from "../format/test-report.ts";
import { junitXml, opaTestResults } from "../format/test-results.ts";
import { acceptChecked } from "../pack-refused.ts";
import { shownTests } from "../shown-path.ts";
import { print, printError, printJson, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, packOption, percentage, run } from "../verb.ts";

interface TestOptions {
  readonly data?: string;
  readonly run?: string;
  readonly format: string;
  readonly coverage?: boolean;
  readonly threshold?: number;
  readonly verbose?: boolean;
}

export const testVerb = createVerb({
  name: "test",
  purpose: "run the tests and cases of packs",
  notes: [
    "Rego tests run in OPA's own runner; cases (`cases/*.yaml`) are decided by the compiled bundle.",
    "A failed test shows the expression that failed and what its variables held.",
    "A folder without `pack.yaml` is tested as plain Rego, as `opa test` does.",
    "JSON is what `opa test --format=json` prints; with --coverage, OPA's coverage report.",
  ],
  examples: [
    { line: "belay test policies", says: "all tests and cases" },
    {
      line: "belay test policies -r slo_burn -v",
      says: "those whose name matches, each one named",
    },
    {
      line: "belay test policies --threshold 95 -f junit > report.xml",
      says: "for CI: fail below 95 % of lines covered, too",
    },
  ],
  exits: {
    0: "all tests passed",
    1: "a test or case failed, coverage is below the threshold, or there is no test",
    2: "the pack does not check, or the command line is not understood",
    3: "the toolchain failed",
  },
})
  .argument("[pack...]", "folders of packs, or of plain Rego")
  .addOption(packOption())
  .option("-r, --run <pattern>", "only tests whose `data.package.name` matches this RE2 pattern")
  .addOption(formatOption("pretty", "json", "junit"))
  .addOption(jsonOption())
  .option("--coverage", "say which lines no test reached")
  .option("--threshold <percent>", "least coverage; implies --coverage", percentage)
  .option("-v, --verbose", "name the tests that passed, too")
  .action(run(test));

async function test(folders: readonly string[], options: TestOptions): Promise<ExitCode> {
  const named = options.data === undefined ? folders : [...folders, options.data];
  if (named.length === 0) throw new BelayError("usage", "name the folder of a pack");
  const { composeAuthor } = await import("../../compose.ts");
  const author = composeAuthor();
  const how = {
    coverage: options.coverage === true || options.threshold !== undefined,
    ...(options.run === undefined ? {} : { run: options.run }),
  };
  const all: TestSummary[] = [];
  for (const folder of named) {
    const tested = await withProgress(`testing ${folder}`, () => author.test(folder, how));
    all.push(shownTests(folder, acceptChecked(folder, tested)));
  }
  const tests = combineTests(all);
  printTests(tests, options);
  return judge(tests, options);
}

function printTests(tests: TestSummary, { format, coverage, verbose }: TestOptions): void {
  if (format === "junit") print(junitXml(tests));
  else if (format === "json") printJson(coverage === true ? tests.coverage : opaTestResults(tests));
  else print(testReport(tests, { verbose: verbose === true }));
}

function judge(tests: TestSummary, options: TestOptions): ExitCode {
  const { run: pattern, threshold } = options;
  const covered = tests.coverage?.coverage ?? 0;
  const problems: string[] = [];
  if (tests.results.length + tests.cases.length === 0) {
    problems.push(pattern === undefined ? "there is no test" : `no test matches \`${pattern}\``);
  }
  if (threshold !== undefined && covered < threshold) {
    problems.push(`coverage is ${covered} %, the threshold ${threshold} %`);
  }
  if (tests.failed > 0 && options.format === "json" && options.coverage === true) {
    problems.push(`${tests.failed} failed; without --coverage the results are printed`);
  }
  for (const problem of problems) printError(`belay: ${problem}`);
  return problems.length > 0 || tests.failed > 0 ? exitCode.no : exitCode.done;
}
