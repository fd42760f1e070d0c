/**
 * @module Follows a pack's folder: what compiles and passes its tests is in force at once, what does
 * not leaves the last good revision in force and says why.
 *
 * The folder is looked at several times a second. Notifications of the operating system would cost
 * less and miss changes: on network and container mounts, and where editors replace files.
 */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Author } from "../service/author.ts";
import type { Belay } from "../service/belay.ts";
import { shortRevision } from "./format/count.ts";
import { testCounts } from "./format/test-report.ts";
import { packRefused } from "./pack-refused.ts";
import { reportError } from "./report-error.ts";
import { print, printError } from "./terminal.ts";

const intervalMs = 200;

const isPackFile = /\.(rego|ya?ml|json)$/;

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
  const ended = follow(options, stopping.signal);
  print(`watching ${options.folder}`);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function follow(options: WatchOptions, signal: AbortSignal): Promise<void> {
  let published = options.since;
  let last = published;
  while (!signal.aborted) {
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    const stamp = await stampPack(options.folder);
    // People save several files at once: what still changes is left alone until it has settled.
    const isSettled = stamp === last;
    last = stamp;
    if (signal.aborted || !isSettled || stamp === published) continue;
    published = stamp;
    try {
      await publish(options);
    } catch (error) {
      reportError(error, { json: false });
    }
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

/** Changes whenever a file of the pack does: names, sizes, times. Empty while it cannot be read. */
export async function stampPack(folder: string): Promise<string> {
  try {
    return (await stampFolder(folder)).sort().join("\n");
  } catch {
    // A file or folder is gone between being listed and being looked at: the next look will tell.
    return "";
  }
}

async function stampFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const stamps = entries
    .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return stampFolder(path);
      if (!isPackFile.test(entry.name)) return [];
      const { mtimeMs, size, ino } = await stat(path);
      return [`${path} ${mtimeMs} ${size} ${ino}`];
    });
  return (await Promise.all(stamps)).flat();
}
