/** @module `belay replay`: a recorded input decided again. */

import type { Replay } from "../../service/belay.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { count, shortRevision } from "../format/count.ts";
import { verdictLine } from "../format/decision.ts";
import { ask, resolveRevision, serverOption } from "../server-client.ts";
import { plain, print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface ReplayOptions {
  readonly revision?: string;
  readonly server: string;
  readonly format: string;
}

/** Of a value that differs, this much is shown. */
const valueLengthMax = 80;

export const replayVerb = createVerb({
  name: "replay",
  purpose: "decide the input of a decision on record again, and compare byte for byte",
  notes: ["With the recorded bundle, or with any other that the server keeps. Records nothing."],
  examples: [
    { line: "belay replay 0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52", says: "must give the same" },
    {
      line: "belay replay 0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52 --revision 3f2a90c1",
      says: "what another revision would have decided",
    },
  ],
  exits: {
    0: "the same decision",
    1: "another decision",
    2: "no such decision or revision",
    3: "no server answers",
  },
})
  .argument("<id>", "id of a decision on record")
  .option("--revision <revision>", "decide with this kept bundle; 8 hex digits or more")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(replay));

async function replay(id: string, { revision, server, format }: ReplayOptions): Promise<ExitCode> {
  const json = revision === undefined ? {} : { revision: await resolveRevision(server, revision) };
  const path = `/v1/decisions/${encodeURIComponent(id)}/replay`;
  const replayed = await ask<Replay>(server, { method: "POST", path, json });
  if (format === "json") printJson(replayed);
  else print(describe(replayed));
  return replayed.same ? exitCode.done : exitCode.no;
}

function describe({ same, recorded, replayed, revision, differences }: Replay): string {
  if (same) {
    return `${verdictLine(replayed)}\nthe same, byte for byte, with revision ${shortRevision(revision)}`;
  }
  const was = shortRevision(recorded.provenance.bundle.revision);
  return [
    `recorded  ${verdictLine(recorded)}  revision ${was}`,
    `replayed  ${verdictLine(replayed)}  revision ${shortRevision(revision)}`,
    `${count(differences.length, "difference")}:`,
    ...differences.map(
      (one) => `  ${plain(one.path)}: ${show(one.recorded)} became ${show(one.replayed)}`,
    ),
  ].join("\n");
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return plain(text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text);
}
