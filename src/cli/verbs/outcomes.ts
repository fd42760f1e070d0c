/** @module `belay outcomes`: how decisions turned out, from the record. */

import { InvalidArgumentError } from "commander";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { outcomesText } from "../format/outcomes.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import { createVerb, dataDirectoryOption, formatOption, jsonOption, run } from "../verb.ts";

interface OutcomesOptions {
  readonly dataDir: string;
  readonly service?: string;
  readonly since?: (nowMs: number) => number;
  readonly format: string;
}

export const outcomesVerb = createVerb({
  name: "outcomes",
  purpose: "say how decisions turned out: rollbacks, how long they took, escalations and answers",
  notes: [
    "Opens the record for reading only; a server may write it meanwhile. Decisions in shadow and",
    "those whose bodies were erased are not counted.",
  ],
  examples: [
    { line: "belay outcomes --since 30d", says: "of the last thirty days, for a review" },
    { line: "belay outcomes --service checkout --json", says: "of one service, for a program" },
  ],
  exits: {
    0: "counted",
    2: "there is no record, or it cannot be read",
    3: "the record is damaged, or Belay failed",
  },
})
  .addOption(dataDirectoryOption())
  .option("--service <service>", "only of this service")
  .option("--since <time>", "an RFC 3339 time or date, or how long ago: 12h, 30d", parseSince)
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(outcomes));

async function outcomes({ dataDir, service, since, format }: OutcomesOptions): Promise<ExitCode> {
  const { readOutcomesIn } = await import("../../compose.ts");
  const nowMs = Date.now();
  const query = {
    nowMs,
    ...(service === undefined ? {} : { service }),
    ...(since === undefined ? {} : { sinceMs: since(nowMs) }),
  };
  const told = await withProgress(`reading ${dataDir}`, () => readOutcomesIn(dataDir, query));
  if (format === "json") printJson(told);
  else print(outcomesText(told));
  return exitCode.done;
}

const hourMs = 3_600_000;

function parseSince(text: string): (nowMs: number) => number {
  const [, ago, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  if (ago !== undefined) return (nowMs) => nowMs - Number(ago) * (unit === "d" ? 24 : 1) * hourMs;
  const timeMs = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(timeMs)) return () => timeMs;
  throw new InvalidArgumentError("must be a time such as 2026-01-31, or how long ago: 12h, 30d");
}
