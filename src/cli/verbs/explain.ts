/** @module `belay explain`: which rules fired, which did not and where they stopped. */

import { BelayError } from "../../base/errors.ts";
import type { Explanation } from "../../service/belay.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { explanationText } from "../format/explanation.ts";
import { bundleOption, type EngineOptions, openEngine, sourceOption } from "../offline-engine.ts";
import { readRequestFile } from "../request-file.ts";
import { ask, serverOption } from "../server-client.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface ExplainOptions extends EngineOptions {
  readonly input?: string;
  readonly server: string;
  readonly trace?: boolean;
  readonly format: string;
}

export const explainVerb = createVerb({
  name: "explain",
  purpose: "say which rules fired, which did not and where they stopped, and what was absent",
  notes: [
    "Explains a decision on record, by its id, from the running server; or, with -i, the decision",
    "that a request file would get, without a server.",
  ],
  examples: [
    { line: "belay explain 0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52", says: "a decision on record" },
    {
      line: "belay explain -i request.json -d policies --trace",
      says: "what the pack as it is now makes of a request, with OPA's trace",
    },
  ],
  exits: {
    0: "explained",
    2: "no such decision, or the request, the bundle or the pack cannot be used",
    3: "no server answers, or the toolchain failed",
  },
})
  .argument("[id]", "id of a decision on record")
  .option("-i, --input <file>", "a request instead, JSON; `-` for standard input")
  .addOption(bundleOption())
  .addOption(sourceOption())
  .addOption(serverOption())
  .option("--trace", "print OPA's trace, too")
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(explain));

async function explain(id: string | undefined, options: ExplainOptions): Promise<ExitCode> {
  const explanation = await withProgress("explaining", () => explainEither(id, options));
  if (options.format === "json") printJson(explanation);
  else print(explanationText(explanation, options.trace === true));
  return exitCode.done;
}

async function explainEither(
  id: string | undefined,
  options: ExplainOptions,
): Promise<Explanation> {
  if ((id === undefined) === (options.input === undefined)) {
    throw new BelayError("usage", "name the id of a decision on record, or a request with -i");
  }
  if (id !== undefined) {
    if (options.bundle !== undefined || options.data !== undefined) {
      throw new BelayError("usage", "-b and -d go with -i: a decision on record has its bundle");
    }
    const path = `/v1/decisions/${encodeURIComponent(id)}/explain`;
    return ask<Explanation>(options.server, { path });
  }
  const request = await readRequestFile(options.input ?? "-");
  const engine = await openEngine(options);
  const { composeAuthor } = await import("../../compose.ts");
  return composeAuthor().explain(engine, request, Date.now());
}
