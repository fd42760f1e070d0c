/**
 * @module Follows folders of Rego, YAML and JSON. They are looked at several times a second:
 * notifications of the operating system would cost less and miss changes, on network and container
 * mounts and where editors replace files.
 */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const intervalMs = 200;

const isWatched = /\.(rego|ya?ml|json)$/;

export interface FolderWatchOptions {
  readonly folders: readonly string[];
  /** What `stampFolders` gave before what is known of the folders was read. */
  readonly since: string;
  readonly signal: AbortSignal;
  /** Must not throw. The next change is not looked for before it is done. */
  readonly onChange: () => Promise<void>;
}

/** Ends when `signal` is aborted, once a call of `onChange` that has begun is done. */
export async function watchFolders(options: FolderWatchOptions): Promise<void> {
  const { folders, since, signal, onChange } = options;
  let seen = since;
  let last = seen;
  while (!signal.aborted) {
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    const stamp = await stampFolders(folders);
    // People save several files at once: what still changes is left alone until it has settled.
    const isSettled = stamp === last;
    last = stamp;
    if (signal.aborted || !isSettled || stamp === seen) continue;
    seen = stamp;
    await onChange();
  }
}

/** Changes whenever a file of the folders does: names, sizes, times. */
export async function stampFolders(folders: readonly string[]): Promise<string> {
  return (await Promise.all(folders.map(stampFolder))).join("\n\n");
}

/** Empty while the folder cannot be read: it is gone, or a file was, between list and look. */
async function stampFolder(folder: string): Promise<string> {
  try {
    return (await listStamps(folder)).sort().join("\n");
  } catch {
    return "";
  }
}

async function listStamps(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const stamps = entries
    .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return listStamps(path);
      if (!isWatched.test(entry.name)) return [];
      const { mtimeMs, size, ino } = await stat(path);
      return [`${path} ${mtimeMs} ${size} ${ino}`];
    });
  return (await Promise.all(stamps)).flat();
}
