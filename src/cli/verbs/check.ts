/** @module `belay check`: all that can be said about a pack without running it. */

import type { CheckSummary } from "../../service/author.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { count } from "../format/count.ts";
import { findingFormats, isFindingFormat } from "../format/test-formats.ts";
import { packRefused } from "../pack-refused.ts";
import { reportError } from "../report-error.ts";
import { type ReportFile, reportOption, writeReports } from "../report-option.ts";
import { shownDiagnostics } from "../shown-path.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import {
  createVerb,
  formatOption,
  jsonOption,
  packArgument,
  packFolder,
  packOption,
  run,
} from "../verb.ts";

interface CheckOptions {
  readonly data?: string;
  readonly format: "pretty" | "json" | keyof typeof findingFormats;
  readonly report: readonly ReportFile<"sarif">[];
}

export const checkVerb = createVerb({
  name: "check",
  purpose: "check a pack without running it: Rego, rules, settings, capabilities",
  notes: [
    "All checks are strict, and everything that is wrong is said at once, with file, row and column.",
    "A folder without `pack.yaml` is checked as plain Rego.",
  ],
  examples: [
    { line: "belay check policies", says: "check the pack in the folder `policies`" },
    { line: "belay check policies --json", says: "the same, for a program" },
    {
      line: "belay check policies -f github --report sarif=check.sarif",
      says: "in a GitHub workflow: annotations, and a file for code scanning",
    },
  ],
  exits: {
    0: "nothing is wrong",
    1: "something is wrong",
    2: "the folder cannot be read, or the command line is not understood",
    3: "the toolchain failed",
  },
})
  .addArgument(packArgument())
  .addOption(packOption())
  .addOption(formatOption("pretty", "json", "sarif", "github"))
  .addOption(jsonOption())
  .addOption(reportOption("sarif"))
  .action(run(check));

async function check(argument: string | undefined, options: CheckOptions): Promise<ExitCode> {
  const folder = packFolder(argument, options.data);
  const { belayVersion: version, composeAuthor } = await import("../../compose.ts");
  const checked = await withProgress(`checking ${folder}`, () => composeAuthor().check(folder));
  const { format } = options;
  const shown = checked.ok ? [] : shownDiagnostics(folder, checked.diagnostics);
  const textOf = (name: keyof typeof findingFormats): string =>
    findingFormats[name](shown, { version });
  writeReports(options.report, textOf);
  if (isFindingFormat(format) && (format === "sarif" || !checked.ok)) print(textOf(format));
  if (!checked.ok) {
    reportError(packRefused(folder, checked.diagnostics), { json: format === "json" });
    return exitCode.no;
  }
  if (format === "json") printJson(checked);
  else if (format !== "sarif") print(`${folder}: nothing is wrong (${describe(checked)})`);
  return exitCode.done;
}

function describe({ modules, pack }: CheckSummary): string {
  const files = count(modules, "module");
  if (pack === undefined) return files;
  const policies = count(pack.policies, "policy", "policies");
  return [files, policies, count(pack.rules, "finding"), count(pack.cases, "case")].join(", ");
}
