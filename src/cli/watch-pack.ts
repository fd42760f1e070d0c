/**
 * @module Follows a pack's folder: what compiles and passes its tests is in force at once, what does
 * not leaves the last good revision in force and says why.
 */

import type { Author } from "../service/author.ts";
import type { Belay } from "../service/belay.ts";
import { stampFolders, watchFolders } from "./folder-watch.ts";
import { shortRevision } from "./format/count.ts";
import { testCounts } from "./format/test-report.ts";
import { packRefused } from "./pack-refused.ts";
import { reportError } from "./report-error.ts";
import { print, printError } from "./terminal.ts";

const channel = "production";

export interface WatchOptions {
  readonly folder: string;
  /** What `stampPack` gave before the pack that is in force was read. */
  readonly since: string;
  readonly author: Pick<Author, "readPack">;
  readonly belay: Pick<Belay, "publishPack" | "promote" | "health">;
}

export interface PackWatch {
  /** Ends the watch; a publication that has begun is finished. */
  stop(): Promise<void>;
}

export function watchPack(options: WatchOptions): PackWatch {
  const stopping = new AbortController();
  const ended = watchFolders({
    folders: [options.folder],
    since: options.since,
    signal: stopping.signal,
    onChange: () => publishOrSay(options),
  });
  print(`watching ${options.folder}`);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function publishOrSay(options: WatchOptions): Promise<void> {
  try {
    await publish(options);
  } catch (error) {
    reportError(error, { json: false });
  }
}

async function publish({ folder, author, belay }: WatchOptions): Promise<void> {
  const caller = { subject: "belay serve --watch", auth: "start" };
  const publication = await belay.publishPack(author.readPack(folder), caller);
  if (publication.outcome === "refused") {
    reportError(packRefused(folder, publication.diagnostics), { json: false });
    printError(`belay: revision ${shortRevision(belay.health().revision)} stays in force`);
    return;
  }
  const { bundle, tests } = publication;
  await belay.promote(channel, bundle.revision, caller);
  const revision = shortRevision(bundle.revision);
  print(`${folder}: revision ${revision} is in force, ${testCounts(tests)} passed`);
}

/** Changes whenever a file of the pack does. */
export function stampPack(folder: string): Promise<string> {
  return stampFolders([folder]);
}
