/** @module `belay bundles`: what a running server keeps. */

import { type ExitCode, exitCode } from "../exit-code.ts";
import { ask, type KeptBundleDocument, serverOption } from "../server-client.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface BundlesOptions {
  readonly server: string;
  readonly format: string;
}

export const bundlesVerb = createVerb({
  name: "bundles",
  purpose: "list the bundles that a running server keeps, newest first",
  examples: [
    { line: "belay bundles", says: "revision, name, size, and since when it is kept" },
    { line: "belay bundles --json | jq -r '.bundles[0].revision'", says: "the newest revision" },
  ],
  exits: { 0: "listed", 2: "the command line is not understood", 3: "no server answers" },
})
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(bundles));

async function bundles({ server, format }: BundlesOptions): Promise<ExitCode> {
  const list = await ask<{ bundles: readonly KeptBundleDocument[] }>(server, {
    path: "/v1/bundles",
  });
  if (format === "json") printJson(list);
  for (const one of format === "json" ? [] : list.bundles) {
    print(`${one.revision}  ${one.name}  ${one.archive_bytes} bytes  ${one.published_at}`);
  }
  return exitCode.done;
}
