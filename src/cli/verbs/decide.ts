/** @module `belay decide`: a verdict for a request file, without a server and without a record. */

import { InvalidArgumentError } from "commander";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { decisionText } from "../format/decision.ts";
import { bundleOption, type EngineOptions, openEngine, sourceOption } from "../offline-engine.ts";
import { readRequestFile } from "../request-file.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface DecideOptions extends EngineOptions {
  readonly input: string;
  readonly failOn?: readonly string[];
  readonly format: string;
}

const verdicts = ["allow", "rollback", "escalate"];

export const decideVerb = createVerb({
  name: "decide",
  purpose: "decide a request without a server; nothing is recorded",
  notes: [
    "The clock is the request's own `request.now_ms`, so that a file gives the same verdict on any",
    "day; the clock of this machine where the request has none. There is no history.",
  ],
  examples: [
    {
      line: "belay decide -i examples/requests/rollback.json",
      says: "with the bundle Belay ships",
    },
    {
      line: "belay decide -i request.json -d policies --fail-on rollback,escalate",
      says: "with the pack as it is now, as a step of a pipeline",
    },
    { line: "curl -s … | belay decide -i - --json", says: "the whole decision, for a program" },
  ],
  exits: {
    0: "decided; the verdict is not one of --fail-on",
    1: "decided; the verdict is one of --fail-on",
    2: "the request, the bundle or the pack cannot be used",
    3: "the toolchain failed",
  },
})
  .requiredOption("-i, --input <file>", "the request, JSON; `-` for standard input")
  .addOption(bundleOption())
  .addOption(sourceOption())
  .option("--fail-on <verdicts>", "verdicts that end with exit code 1", parseVerdicts)
  .addOption(formatOption("pretty", "json", "markdown"))
  .addOption(jsonOption())
  .action(run(decide));

async function decide(options: DecideOptions): Promise<ExitCode> {
  const request = await readRequestFile(options.input);
  const engine = await openEngine(options);
  const { accountOf } = await import("../../service/account.ts");
  const { decideOffline } = await import("../../service/decide-offline.ts");
  const { decision } = decideOffline(engine, request, Date.now());
  if (options.format === "json") printJson(decision);
  else if (options.format === "markdown") print(accountOf(decision).trimEnd());
  else print(decisionText(decision));
  return options.failOn?.includes(decision.verdict) === true ? exitCode.no : exitCode.done;
}

function parseVerdicts(text: string): readonly string[] {
  const named = text.split(",");
  const unknown = named.find((verdict) => !verdicts.includes(verdict));
  if (unknown === undefined) return named;
  throw new InvalidArgumentError(`\`${unknown}\` is none of ${verdicts.join(", ")}`);
}
