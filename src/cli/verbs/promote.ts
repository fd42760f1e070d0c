/** @module `belay promote`: points a channel at a kept revision. */

import type { ChannelState } from "../../service/belay.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { ask, resolveRevision, serverOption } from "../server-client.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface PromoteOptions {
  readonly server: string;
  readonly format: string;
}

export const promoteVerb = createVerb({
  name: "promote",
  purpose: "point a channel of a running server at a kept revision",
  notes: [
    "`production` is the channel that decides. Requests that are being decided finish on the",
    "revision they began with. The promotion is an entry of the record.",
  ],
  examples: [
    { line: "belay promote production 3f2a90c1", says: "8 hex digits of the revision or more" },
    { line: "belay bundles", says: "the revisions there are" },
  ],
  exits: {
    0: "the channel points at it",
    1: "the channel moved meanwhile",
    2: "no such revision, or no channel can have that name",
    3: "no server answers, or its record cannot be written",
  },
})
  .argument("<channel>", "name of the channel, such as `production`")
  .argument("<revision>", "revision of a kept bundle; 8 hex digits or more")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(promote));

async function promote(
  channel: string,
  prefix: string,
  { server, format }: PromoteOptions,
): Promise<ExitCode> {
  const revision = await resolveRevision(server, prefix);
  const path = `/v1/channels/${encodeURIComponent(channel)}`;
  const state = await ask<ChannelState>(server, { method: "PUT", path, json: { revision } });
  if (format === "json") printJson(state);
  else print(`${state.channel} points at ${state.revision}`);
  return exitCode.done;
}
