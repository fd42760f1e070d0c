/** @module The folder of a record: its files, who may read them, and the lock of its one writer. */

import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import { hasSqliteCode, sqliteBusy } from "./sqlite-error.ts";

const lockFile = "writer.lock";

export function recordFile(directory: string): string {
  return join(directory, "record.sqlite");
}

export interface WriterLock {
  release(): void;
}

/**
 * Makes the folder (0700) and its files (0600) where they are missing, and takes the writer's lock.
 * The lock is an exclusive transaction on a database of its own, so that readers may open the
 * record meanwhile; the operating system lets go of it when the process ends, however it ends.
 * @throws BelayError `data-directory-in-use`, `log-sealed`
 */
export function lockDataDirectory(directory: string): WriterLock {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    createMissing(join(directory, lockFile));
    const database = new DatabaseSync(join(directory, lockFile), { timeout: 0 });
    try {
      // Without a journal file: nothing is ever written.
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    } catch (error) {
      database.close();
      throw error;
    }
    createMissing(recordFile(directory));
    // A new file is durable once the folders that name it are.
    syncDirectory(directory);
    syncDirectory(dirname(resolve(directory)));
    return { release: () => database.close() };
  } catch (cause) {
    if (hasSqliteCode(cause, sqliteBusy)) {
      const message = `another process writes the record in \`${directory}\``;
      throw new BelayError("data-directory-in-use", message, { cause });
    }
    throw new BelayError("log-sealed", `the folder \`${directory}\` cannot be used`, { cause });
  }
}

/**
 * Never opens a file that is there: closing any descriptor of it would drop the locks that SQLite
 * holds on it for this process (POSIX record locks).
 */
function createMissing(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
