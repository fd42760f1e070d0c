/** @module `belay progress`: how far the plan of a decision has come. */

import type { RollbackState } from "../../service/rollback/rollback-state.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { rollbackText } from "../format/rollback.ts";
import { ask, serverOption } from "../server-client.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface ProgressOptions {
  readonly server: string;
  readonly format: string;
}

export const progressVerb = createVerb({
  name: "progress",
  purpose: "show how far the plan of a decision has come, and what may come next",
  examples: [
    { line: "belay progress 0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52", says: "a decision on record" },
  ],
  exits: {
    0: "shown",
    1: "the plan has halted",
    2: "no such decision",
    3: "no server answers",
  },
})
  .argument("<id>", "id of a decision on record")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(progress));

async function progress(id: string, { server, format }: ProgressOptions): Promise<ExitCode> {
  const path = `/v1/decisions/${encodeURIComponent(id)}/progress`;
  const state = await ask<RollbackState>(server, { path });
  if (format === "json") printJson(state);
  else print(rollbackText(state));
  return state.state === "halted" ? exitCode.no : exitCode.done;
}
