/** @module Connections to a record: their settings are made, read back, and insisted on. */

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import { recordFile } from "./data-directory.ts";
import { readPragma } from "./pragma.ts";
import { expectSchema, prepareSchema } from "./schema.ts";
import { translateCorruption } from "./sqlite-error.ts";

/** The first release with the fix for the WAL-reset bug (sqlite.org/wal.html#walresetbug). */
const sqliteVersionMin = "3.51.3";

/** What another connection may keep us waiting, on recovery or a checkpoint. */
const busyTimeoutMs = 5_000;

/** Setting and value, as they are read back. A commit is durable only with all of the first four. */
const writerSettings: readonly (readonly [string, string | number])[] = [
  ["journal_mode", "wal"],
  ["synchronous", 2],
  ["fullfsync", 1],
  ["checkpoint_fullfsync", 1],
  ["foreign_keys", 1],
  ["trusted_schema", 0],
  // The writer makes its own checkpoints: those that SQLite makes inside a commit hide their errors.
  ["wal_autocheckpoint", 0],
  ["cache_size", -32_768],
];

/**
 * The writer's connection to the record in `directory`, whose file is there, its schema made.
 * @throws BelayError `log-sealed`, `log-corrupt`, `record-too-new`
 */
export function openWriterConnection(directory: string): DatabaseSync {
  return open(directory, false, (database) => {
    expectSqliteVersion(database);
    for (const [setting, value] of writerSettings) {
      database.exec(`PRAGMA ${setting} = ${value}`);
      const actual = readPragma(database, setting);
      if (actual !== value) {
        const message = `SQLite keeps ${setting} at \`${String(actual)}\`, durability needs \`${value}\``;
        throw new BelayError("log-sealed", message);
      }
    }
    prepareSchema(database);
  });
}

/**
 * A connection that only reads, beside the writer or without one.
 * @throws BelayError `file-unreadable`, `log-corrupt`, `record-too-new`
 */
export function openReaderConnection(directory: string): DatabaseSync {
  if (!existsSync(recordFile(directory))) {
    throw new BelayError("file-unreadable", `no record is in \`${directory}\``);
  }
  return open(directory, true, expectSchema);
}

function open(
  directory: string,
  readOnly: boolean,
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(recordFile(directory), { readOnly, timeout: busyTimeoutMs });
    prepare(database);
    return database;
  } catch (thrown) {
    database?.close();
    const error = translateCorruption(thrown);
    if (error instanceof BelayError) throw error;
    throw new BelayError(
      readOnly ? "file-unreadable" : "log-sealed",
      `the record in \`${directory}\` cannot be opened`,
      { cause: error },
    );
  }
}

function expectSqliteVersion(database: DatabaseSync): void {
  const row = database.prepare("SELECT sqlite_version() AS version").get();
  const version = String(row?.["version"]);
  if (version.localeCompare(sqliteVersionMin, "en", { numeric: true }) < 0) {
    const message = `SQLite ${version} is too old, the record needs ${sqliteVersionMin}`;
    throw new BelayError("log-sealed", message);
  }
}
