/** @module `belay eval`: any query on any input, as `opa eval` has it, on the engine that decides. */

import { InvalidArgumentError, Option } from "commander";
import { BelayError } from "../../base/errors.ts";
import type { Checked } from "../../rego/toolchain/toolchain.ts";
import type { EvalAnswer, EvalEngine } from "../../service/eval.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { count } from "../format/count.ts";
import { evalFormats } from "../format/eval-result.ts";
import { readInputFile } from "../request-file.ts";
import { plain, print, printError, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface EvalOptions {
  readonly data: readonly string[];
  readonly bundle?: string;
  readonly input?: string;
  readonly engine?: EvalEngine;
  readonly explain?: "notes" | "fails" | "full";
  readonly coverage?: boolean;
  readonly strictBuiltinErrors?: boolean;
  readonly nowMs?: number;
  readonly format: keyof typeof evalFormats;
  readonly fail?: boolean;
  readonly failDefined?: boolean;
}

export const evalVerb = createVerb({
  name: "eval",
  purpose: "evaluate a query or an entrypoint, as WebAssembly or in OPA's interpreter",
  notes: [
    "An entrypoint (`data.a.b` or `a/b`) is evaluated as WebAssembly, on the engine that decides, and",
    "any other query by topdown, OPA's interpreter. Topdown is also what explains and measures.",
    "-d takes a pack, with its settings and the library; Rego, JSON and YAML files; folders of them,",
    "where a document lies where its folder does; and `a.b:FILE`, which puts a document at `data.a.b`.",
    "-b takes any bundle of OPA's; of one with WebAssembly, its own module is what runs.",
    "Formats are those of `opa eval`; the trace in JSON is its lines. What `print` writes goes to",
    "standard error.",
  ],
  examples: [
    { line: "belay eval '1 + 2 * 3'", says: "a query that needs nothing" },
    {
      line: "belay eval -d policies -i input.json data.belay.policies.slo_burn",
      says: "what one policy of a pack says of an input",
    },
    {
      line: "belay eval -b b.tar.gz -i input.json belay/decision/answer --engine both",
      says: "an entrypoint of a bundle, on both engines; fail where they differ",
    },
    {
      line: "belay eval -d a.rego -i input.yaml --explain fails data.a.allow",
      says: "why a rule did not hold",
    },
    {
      line: "curl -s … | belay eval -d a.rego -i - -f raw 'data.a.name' --fail",
      says: "for a script: the bare value, or exit code 1 where it is undefined",
    },
  ],
  exits: {
    0: "evaluated",
    1: "undefined under --fail, defined under --fail-defined, or the engines differ",
    2: "what was named cannot be read, does not compile, or fails while it is evaluated",
    3: "the toolchain failed",
  },
})
  .argument("<query>", "Rego, or an entrypoint")
  .addOption(
    new Option("-d, --data <path>", "pack, Rego or data file, or folder; repeatable")
      .argParser((path: string, before: readonly string[]) => [...before, path])
      .default([], "none")
      .conflicts("bundle"),
  )
  .option("-b, --bundle <file>", "an OPA bundle (.tar.gz)")
  .option("-i, --input <file>", "the input, JSON or YAML; `-` for standard input")
  .addOption(
    new Option("--engine <engine>", "what evaluates; `both` compares").choices([
      "wasm",
      "topdown",
      "both",
    ]),
  )
  .addOption(
    new Option("--explain <mode>", "print OPA's trace, too").choices(["notes", "fails", "full"]),
  )
  .option("--coverage", "say which lines ran")
  .option("--strict-builtin-errors", "a failing builtin is an error, not undefined")
  .option(
    "--now-ms <ms>",
    "what the clock says, epoch milliseconds; this machine's if absent",
    epochMs,
  )
  .addOption(formatOption("json", "pretty", "raw", "values", "bindings"))
  .addOption(jsonOption())
  .option("--fail", "exit code 1 where the query is undefined")
  .addOption(
    new Option("--fail-defined", "exit code 1 where the query is defined").conflicts("fail"),
  )
  .action(run(evaluateQuery));

async function evaluateQuery(query: string, options: EvalOptions): Promise<ExitCode> {
  const { bundle, data, engine, explain, coverage, strictBuiltinErrors } = options;
  const input = options.input === undefined ? undefined : await readInputFile(options.input);
  const { composeAuthor } = await import("../../compose.ts");
  const author = composeAuthor();
  const sources = accept(query, author.loadSources(bundle === undefined ? { data } : { bundle }));
  const answer = await withProgress("evaluating", () =>
    author.evaluate({
      query,
      sources,
      nowMs: options.nowMs ?? Date.now(),
      ...(input === undefined ? {} : { input }),
      ...(engine === undefined ? {} : { engine }),
      ...(explain === undefined ? {} : { explain }),
      ...(coverage === undefined ? {} : { coverage }),
      ...(strictBuiltinErrors === undefined ? {} : { strictBuiltinErrors }),
    }),
  );
  return show(query, accept(query, answer), options);
}

function show(query: string, answer: EvalAnswer, options: EvalOptions): ExitCode {
  for (const line of answer.printed) printError(plain(line));
  for (const line of evalFormats[options.format](answer)) print(line);
  const { solutions, difference } = answer;
  if (difference !== undefined) {
    printError(plain(`belay: the engines differ about \`${query}\``));
    printError(plain(`topdown: ${difference.topdown}`));
    printError(plain(`wasm: ${difference.wasm}`));
    return exitCode.no;
  }
  const isDefined = solutions.length > 0;
  const isWanted = isDefined ? options.failDefined !== true : options.fail !== true;
  return isWanted ? exitCode.done : exitCode.no;
}

/** @throws BelayError `evaluation-failed` with all diagnostics, where `checked` has any */
function accept<T>(query: string, checked: Checked<T>): { readonly ok: true } & T {
  if (checked.ok) return checked;
  const { diagnostics } = checked;
  const problems = count(diagnostics.length, "problem");
  throw new BelayError("evaluation-failed", `\`${query}\` cannot be evaluated: ${problems}`, {
    extra: { diagnostics },
  });
}

function epochMs(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("must be a whole number of milliseconds");
}
