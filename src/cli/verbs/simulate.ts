/** @module `belay simulate`: drills, run by a clock of their own. */

import { BelayError } from "../../base/errors.ts";
import type { DrillResult } from "../../service/simulation/drill-row.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { drillCounts, drillText } from "../format/drill-report.ts";
import { drillSvg } from "../format/drill-svg.ts";
import { bundleOption, type EngineOptions, openEngine, sourceOption } from "../offline-engine.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";
import { writeWhole } from "../written-file.ts";

interface SimulateOptions extends EngineOptions {
  readonly svg?: string;
  readonly verbose?: boolean;
  readonly format: string;
}

export const simulateVerb = createVerb({
  name: "simulate",
  purpose: "run drills: a release on a timeline, by a clock of its own, and what is wanted of it",
  notes: [
    "A drill goes through what a server goes through: a record with its history, plans that are",
    "carried out step by step, approvals, verification. Its record is gone afterwards.",
    "One drill is shown as a table, several with a line each; docs/simulation.md explains the file.",
  ],
  examples: [
    { line: "belay simulate examples/drills", says: "all drills that come with Belay" },
    {
      line: "belay simulate drill.yaml --svg drill.svg",
      says: "one drill as a table and as a drawing",
    },
    { line: "belay simulate drills -d policies", says: "with the pack as it is now" },
  ],
  exits: {
    0: "all came as wanted",
    1: "something came otherwise than wanted",
    2: "a drill, the bundle or the pack cannot be used",
    3: "the record could not be written, or the toolchain failed",
  },
})
  .argument("<drill...>", "files, or folders of them")
  .addOption(bundleOption())
  .addOption(sourceOption())
  .option("--svg <file>", "draw it, too: signals, verdicts, steps; of one drill")
  .option("-v, --verbose", "the table of every drill")
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(simulate));

/** Most of a drill is waiting for its record. */
const atOnceMax = 4;

async function simulate(paths: readonly string[], options: SimulateOptions): Promise<ExitCode> {
  const { readDrills } = await import("../drill-files.ts");
  const drills = readDrills(paths);
  if (options.svg !== undefined && drills.length !== 1) {
    throw new BelayError("usage", `--svg draws one drill, and ${drills.length} were named`);
  }
  const { bundle } = await openEngine(options);
  const { composeDrillGround } = await import("../../compose.ts");
  const { runDrill } = await import("../../service/simulation/run-drill.ts");
  const openBelay = composeDrillGround(bundle);
  const isTable = options.verbose === true || drills.length === 1;
  const results: DrillResult[] = [];
  for (let first = 0; first < drills.length; first += atOnceMax) {
    const some = drills.slice(first, first + atOnceMax);
    const came = await withProgress(`running ${some[0]?.file ?? ""}`, () =>
      Promise.all(some.map((drill) => runDrill(openBelay, drill))),
    );
    results.push(...came);
    if (options.format === "pretty") came.forEach((one) => print(drillText(one, isTable)));
  }
  const [only] = results;
  if (options.svg !== undefined && only !== undefined) {
    writeWhole(options.svg, `${drillSvg(only)}\n`);
  }
  const isGood = results.every((result) => result.not_as_wanted === 0);
  if (options.format === "json") printJson(results);
  else print(drillCounts(results));
  return isGood ? exitCode.done : exitCode.no;
}
