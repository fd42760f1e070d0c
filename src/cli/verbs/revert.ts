/** @module `belay revert`: a channel back to where it pointed before. */

import type { ChannelState } from "../../service/belay.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { ask, serverOption } from "../server-client.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface RevertOptions {
  readonly server: string;
  readonly format: string;
}

export const revertVerb = createVerb({
  name: "revert",
  purpose: "point a channel of a running server at the revision before the present one",
  notes: ["The way back is a promotion like any other, and an entry of the record."],
  examples: [{ line: "belay revert production", says: "the policies of before, at once" }],
  exits: {
    0: "the channel points at the revision before",
    1: "there is none before, or the channel moved meanwhile",
    2: "no such channel",
    3: "no server answers, or its record cannot be written",
  },
})
  .argument("<channel>", "name of the channel, such as `production`")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(revert));

async function revert(channel: string, { server, format }: RevertOptions): Promise<ExitCode> {
  const path = `/v1/channels/${encodeURIComponent(channel)}/revert`;
  const state = await ask<ChannelState>(server, { method: "POST", path });
  if (format === "json") printJson(state);
  else print(`${state.channel} points at ${state.revision}`);
  return exitCode.done;
}
