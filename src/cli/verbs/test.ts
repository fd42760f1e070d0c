/** @module `belay test`: the Rego tests of a pack and its cases. */

import type { Diagnostic } from "../../base/diagnostic.ts";
import { BelayError } from "../../base/errors.ts";
import type { Author } from "../../service/author.ts";
import type { TestSummary } from "../../service/belay.ts";
import { combineTests } from "../combine-tests.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import {
  findingFormats,
  isCoverageFormat,
  isFindingFormat,
  type TestFormatName,
  testFormats,
} from "../format/test-formats.ts";
import {
  checkMutationFormat,
  type MutationOptions,
  mutatePolicies,
  wantsMutants,
} from "../mutate-policies.ts";
import { packRefused } from "../pack-refused.ts";
import { repeatOnChange } from "../repeat-on-change.ts";
import { type ReportFile, reportOption, writeReports } from "../report-option.ts";
import { shownDiagnostics, shownTests } from "../shown-path.ts";
import { print, printError, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, packOption, percentage, run } from "../verb.ts";

interface TestOptions extends Omit<MutationOptions, "format"> {
  readonly data?: string;
  readonly run?: string;
  readonly format: TestFormatName;
  readonly report: readonly ReportFile<TestFormatName>[];
  readonly coverage?: boolean;
  readonly threshold?: number;
  readonly verbose?: boolean;
  readonly watch?: boolean;
}

export const testVerb = createVerb({
  name: "test",
  purpose: "run the tests and cases of packs",
  notes: [
    "Rego tests run in OPA's own runner and again as WebAssembly, where policies run; one that comes",
    "out otherwise there has failed. Cases (`cases/*.yaml`) are decided by the compiled bundle.",
    "A failed test shows the expression that failed and what its variables held.",
    "A folder without `pack.yaml` is tested as plain Rego, as `opa test` does.",
    "JSON is what `opa test --format=json` prints; with --coverage, OPA's coverage report. JUnit and",
    "SARIF show what failed, LCOV and Cobertura what was covered; `github` is the pretty report and",
    "a workflow's annotations. Paths are those of the working directory.",
    "--mutate changes the policies in small ways, one at a time, and names each change that no test",
    "and no case notices. It takes minutes where a pack is large.",
  ],
  examples: [
    { line: "belay test policies", says: "all tests and cases" },
    {
      line: "belay test policies -r slo_burn -v",
      says: "those whose name matches, each one named",
    },
    {
      line: "belay test policies --threshold 95 --report junit=tests.xml --report lcov=cov.info",
      says: "for CI: fail below 95 % of lines covered, too, and leave reports behind",
    },
    { line: "belay test policies --watch", says: "while you write: the result of every change" },
    {
      line: "belay test policies -f github",
      says: "in a step of a GitHub workflow: failures become annotations",
    },
    {
      line: "belay test policies --mutation-threshold 90",
      says: "fail when tests and cases miss more than one change in ten",
    },
  ],
  exits: {
    0: "all tests passed; under --watch, ended as asked",
    1: "a test or case failed, coverage or mutation score is below its threshold, or there is no test",
    2: "the pack does not check, or the command line is not understood",
    3: "the toolchain failed",
  },
})
  .argument("[pack...]", "folders of packs, or of plain Rego")
  .addOption(packOption())
  .option("-r, --run <pattern>", "only tests whose `data.package.name` matches this RE2 pattern")
  .addOption(formatOption("pretty", "json", "junit", "sarif", "github", "lcov", "cobertura"))
  .addOption(jsonOption())
  .addOption(reportOption("json", "junit", "sarif", "lcov", "cobertura"))
  .option("--coverage", "say which lines no test reached")
  .option("--threshold <percent>", "least coverage; implies --coverage", percentage)
  .option("--watch", "again at every change, until it is ended")
  .option("--mutate", "when all passed, say which changes to the policies no test notices")
  .option("--mutation-threshold <percent>", "least mutation score; implies --mutate", percentage)
  .option("-v, --verbose", "name the tests that passed, too")
  .action(run(test));

async function test(folders: readonly string[], options: TestOptions): Promise<ExitCode> {
  const named = options.data === undefined ? folders : [...folders, options.data];
  if (named.length === 0) throw new BelayError("usage", "name the folder of a pack");
  if (options.watch === true && options.format !== "pretty") {
    throw new BelayError("usage", "--watch prints the pretty report; --report writes the others");
  }
  checkMutationFormat(options);
  const { composeAuthor } = await import("../../compose.ts");
  const author = composeAuthor();
  const testOnce = () => testNamed(author, named, options);
  return options.watch === true ? repeatOnChange(named, testOnce) : testOnce();
}

async function testNamed(
  author: Author,
  named: readonly string[],
  options: TestOptions,
): Promise<ExitCode> {
  const tests = await testAll(author, named, options);
  const problems = findProblems(tests, options);
  const isGood = problems.length === 0 && tests.failed === 0;
  const mutates = isGood && wantsMutants(options);
  // One JSON document: that of what was asked for last.
  await showTests(tests, options, !mutates || options.format !== "json");
  for (const problem of problems) printError(`belay: ${problem}`);
  if (mutates) return mutatePolicies(author, named, options);
  return isGood ? exitCode.done : exitCode.no;
}

async function testAll(
  author: Author,
  folders: readonly string[],
  options: TestOptions,
): Promise<TestSummary> {
  const how = {
    coverage: measuresCoverage(options),
    ...(options.run === undefined ? {} : { run: options.run }),
  };
  const all: TestSummary[] = [];
  for (const folder of folders) {
    const tested = await withProgress(`testing ${folder}`, (progress) =>
      author.test(folder, {
        ...how,
        onProgress: (doing) => progress.update(`testing ${folder}: ${doing}`),
      }),
    );
    if (!tested.ok) return refuse(folder, tested.diagnostics, options);
    all.push(shownTests(folder, tested));
  }
  return combineTests(all);
}

function measuresCoverage({ coverage, threshold, format, report }: TestOptions): boolean {
  const formats = [format, ...report.map((one) => one.format)];
  return coverage === true || threshold !== undefined || formats.some(isCoverageFormat);
}

/** @throws BelayError `pack-refused`, always, once the reports that can say why have said it */
async function refuse(
  folder: string,
  diagnostics: readonly Diagnostic[],
  { format, report }: TestOptions,
): Promise<never> {
  const { belayVersion: version } = await import("../../compose.ts");
  const shown = shownDiagnostics(folder, diagnostics);
  const textOf = (name: keyof typeof findingFormats): string =>
    findingFormats[name](shown, { version });
  if (isFindingFormat(format)) print(textOf(format));
  const finding = report.flatMap(({ format: name, file }) =>
    isFindingFormat(name) ? [{ format: name, file }] : [],
  );
  writeReports(finding, textOf);
  throw packRefused(folder, diagnostics);
}

async function showTests(
  tests: TestSummary,
  options: TestOptions,
  isPrinted: boolean,
): Promise<void> {
  const { belayVersion: version } = await import("../../compose.ts");
  const how = {
    version,
    nowMs: Date.now(),
    verbose: options.verbose === true,
    coverage: options.coverage === true,
  };
  if (isPrinted) print(testFormats[options.format](tests, how));
  // A file has results unless its format is one of coverage: whoever wants both asks for both.
  const inFile = { ...how, coverage: false };
  writeReports(options.report, (format) => testFormats[format](tests, inFile));
}

/** Why the run is no success although nothing failed, and what is not seen of what did. */
function findProblems(tests: TestSummary, options: TestOptions): readonly string[] {
  const { run: pattern, threshold, format } = options;
  const covered = tests.coverage?.coverage ?? 0;
  const problems: string[] = [];
  if (tests.results.length + tests.cases.length === 0) {
    problems.push(pattern === undefined ? "there is no test" : `no test matches \`${pattern}\``);
  }
  if (threshold !== undefined && covered < threshold) {
    problems.push(`coverage is ${covered} %, the threshold ${threshold} %`);
  }
  const isOfCoverage = isCoverageFormat(format) || (format === "json" && options.coverage === true);
  if (tests.failed > 0 && isOfCoverage) {
    problems.push(`${tests.failed} failed; without coverage the results are printed`);
  }
  return problems;
}
