/** @module The command line as a whole: its verbs, its help, and the way out of every error. */

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { exitCode, exitCodeOf } from "./exit-code.ts";
import { reportError } from "./report-error.ts";
import { configure, wantsJson } from "./verb.ts";
import { buildVerb } from "./verbs/build.ts";
import { bundlesVerb } from "./verbs/bundles.ts";
import { checkVerb } from "./verbs/check.ts";
import { decideVerb } from "./verbs/decide.ts";
import { evalVerb } from "./verbs/eval.ts";
import { explainVerb } from "./verbs/explain.ts";
import { fmtVerb } from "./verbs/fmt.ts";
import { logVerb } from "./verbs/log.ts";
import { outcomesVerb } from "./verbs/outcomes.ts";
import { progressVerb } from "./verbs/progress.ts";
import { promoteVerb } from "./verbs/promote.ts";
import { publishVerb } from "./verbs/publish.ts";
import { replayVerb } from "./verbs/replay.ts";
import { resolveVerb } from "./verbs/resolve.ts";
import { revertVerb } from "./verbs/revert.ts";
import { serveVerb } from "./verbs/serve.ts";
import { simulateVerb } from "./verbs/simulate.ts";
import { testVerb } from "./verbs/test.ts";

const groups = [
  { heading: "Decide:", verbs: [serveVerb, decideVerb, explainVerb, replayVerb, simulateVerb] },
  { heading: "Roll back:", verbs: [progressVerb, resolveVerb] },
  { heading: "Write policies:", verbs: [checkVerb, fmtVerb, testVerb, evalVerb, buildVerb] },
  { heading: "Release policies:", verbs: [publishVerb, promoteVerb, revertVerb, bundlesVerb] },
  { heading: "The record:", verbs: [logVerb, outcomesVerb] },
];

const exits = `
Exit codes:
  0  done
  1  the answer is no: tests failed, a verdict of --fail-on, a record that does not verify
  2  the command line, a file or a request is at fault
  3  Belay, the server or the machine is at fault

\`belay VERB --help\` has options and examples; docs/cli.md has it all on one page.`;

/** Runs one command line; `argv` without the interpreter and the script. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help that was asked for is done; help for want of a verb is not what anybody asked for.
      process.exitCode = error.code === "commander.help" ? exitCode.input : exitCode.done;
      return;
    }
    reportError(error, { json: wantsJson(argv) });
    process.exitCode = exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = configure(
    new Command("belay").description(
      "Carry on, roll back, or ask a human: deploy decisions by Rego, explained and on record.",
    ),
  )
    .version(`belay ${readVersion()}`, "-V, --version", "show the version")
    .addHelpText("after", exits);
  for (const { heading, verbs } of groups) {
    for (const verb of verbs) program.addCommand(verb.helpGroup(heading));
  }
  return program;
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
