/** @module Reading SQLite's settings back. */

import type { DatabaseSync } from "node:sqlite";

export function readPragma(database: DatabaseSync, setting: string): unknown {
  const row = database.prepare(`PRAGMA ${setting}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}
