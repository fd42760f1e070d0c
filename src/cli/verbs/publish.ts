/** @module `belay publish`: hands a pack or a bundle to a running server. */

import { readFileSync, statSync } from "node:fs";
import type { Diagnostic } from "../../base/diagnostic.ts";
import { BelayError } from "../../base/errors.ts";
import type { ChannelState, TestSummary } from "../../service/belay.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { shortRevision } from "../format/count.ts";
import { testCounts } from "../format/test-report.ts";
import { packRefused } from "../pack-refused.ts";
import { ask, type Call, type KeptBundleDocument, serverOption } from "../server-client.ts";
import { print, printJson, withProgress } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface PublishOptions {
  readonly promote?: string;
  readonly server: string;
  readonly format: string;
}

interface PublicationDocument {
  readonly outcome: "published" | "kept-already";
  readonly bundle: KeptBundleDocument;
  readonly tests: TestSummary;
}

export const publishVerb = createVerb({
  name: "publish",
  purpose: "give a pack or a built bundle to a running server, which checks, tests and keeps it",
  notes: [
    "The server refuses it with everything that is wrong, or keeps it for ever under its revision.",
    "It decides nothing until a channel is pointed at it: --promote, or `belay promote`.",
  ],
  examples: [
    { line: "belay publish policies", says: "a pack as it is now" },
    { line: "belay publish b.tar.gz --promote production", says: "a bundle, in force from now on" },
  ],
  exits: {
    0: "kept, and promoted where asked for",
    1: "kept, and the channel moved meanwhile",
    2: "refused, or a file cannot be read",
    3: "no server answers, or its record cannot be written",
  },
})
  .argument("<pack>", "folder of a pack, or a built bundle (.tar.gz)")
  .option("--promote <channel>", "then point this channel at it")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(publish));

async function publish(path: string, options: PublishOptions): Promise<ExitCode> {
  const { server, promote } = options;
  const source = await readSource(path);
  const { outcome, bundle, tests } = await withProgress(`publishing ${path}`, () =>
    publishTo(server, path, source),
  );
  const { name, revision } = bundle;
  if (promote !== undefined) {
    const channelPath = `/v1/channels/${encodeURIComponent(promote)}`;
    await ask<ChannelState>(server, { method: "PUT", path: channelPath, json: { revision } });
  }
  if (options.format === "json") {
    printJson({ outcome, bundle, tests, ...(promote === undefined ? {} : { channel: promote }) });
    return exitCode.done;
  }
  const did = outcome === "published" ? "published" : "kept already";
  print(`${did}: ${name}, ${testCounts(tests)} passed`);
  print(`revision ${revision}`);
  if (promote !== undefined) print(`${promote} points at ${shortRevision(revision)}`);
  return exitCode.done;
}

async function readSource(path: string): Promise<Pick<Call, "json" | "archive">> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new BelayError("file-unreadable", `there is no \`${path}\``);
  if (!stats.isDirectory()) return { archive: readArchive(path) };
  const { composeAuthor } = await import("../../compose.ts");
  return { json: composeAuthor().readPack(path) };
}

function readArchive(path: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new BelayError("file-unreadable", `the file \`${path}\` cannot be read`, { cause });
  }
}

async function publishTo(
  server: string,
  path: string,
  source: Pick<Call, "json" | "archive">,
): Promise<PublicationDocument> {
  try {
    return await ask<PublicationDocument>(server, {
      method: "POST",
      path: "/v1/bundles",
      ...source,
    });
  } catch (error) {
    const isRefused = error instanceof BelayError && error.code === "pack-refused";
    if (!isRefused || !Array.isArray(error.extra["diagnostics"])) throw error;
    throw packRefused(path, error.extra["diagnostics"] as Diagnostic[]);
  }
}
