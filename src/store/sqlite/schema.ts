/** @module The tables of a record. `user_version` names their version; a newer one is refused. */

import type { DatabaseSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import { readPragma } from "./pragma.ts";

const schemaVersion = 1;

/**
 * Leaves, heads, keys and archives are for ever: triggers refuse to change them. Bodies may be
 * erased, channels move. The columns of `entries` before the leaf repeat parts of it to be found by.
 */
const tables = `
CREATE TABLE entries (
  leaf_index INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  service TEXT,
  verdict TEXT,
  channel TEXT,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  leaf BLOB NOT NULL
) STRICT;
-- Newest first within a service or verdict, and the other filters without a look at the row.
CREATE INDEX entries_by_service ON entries (service, leaf_index, verdict, time_ms)
  WHERE service IS NOT NULL;
CREATE INDEX entries_by_verdict ON entries (verdict, leaf_index, time_ms)
  WHERE verdict IS NOT NULL;
CREATE INDEX decisions_by_time ON entries (time_ms) WHERE kind = 'decision';
CREATE INDEX entries_beside_decisions ON entries (kind) WHERE kind <> 'decision';

CREATE TABLE decision_policies (
  policy TEXT NOT NULL,
  leaf_index INTEGER NOT NULL REFERENCES entries,
  PRIMARY KEY (policy, leaf_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE bodies (
  leaf_index INTEGER PRIMARY KEY REFERENCES entries,
  salt TEXT NOT NULL,
  input TEXT NOT NULL,
  decision TEXT NOT NULL
) STRICT;

CREATE TABLE heads (
  tree_size INTEGER PRIMARY KEY CHECK (tree_size > 0),
  root_hash BLOB NOT NULL CHECK (length(root_hash) = 32),
  frontier BLOB NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  request_sha256 TEXT NOT NULL,
  leaf_index INTEGER NOT NULL REFERENCES entries
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles (
  leaf_index INTEGER PRIMARY KEY REFERENCES entries,
  revision TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  archive BLOB NOT NULL
) STRICT;

CREATE TABLE channels (
  name TEXT PRIMARY KEY,
  revision TEXT NOT NULL REFERENCES bundles (revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entries_are_gapless BEFORE INSERT ON entries
WHEN NEW.leaf_index <> (SELECT coalesce(max(leaf_index) + 1, 0) FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries are gapless'); END;
`;

const appendOnly = ["entries", "decision_policies", "heads", "idempotency_keys", "bundles"];

/** Makes the tables of a new record; leaves those of an older Belay's as they are. */
export function prepareSchema(database: DatabaseSync): void {
  if (readPragma(database, "user_version") === 0) {
    database.exec("BEGIN IMMEDIATE");
    // Fails where the file holds tables of somebody else, and the transaction leaves no trace.
    database.exec(tables + triggers());
    database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
  }
  expectSchema(database);
}

/** @throws BelayError `record-too-new`, `file-unreadable` */
export function expectSchema(database: DatabaseSync): void {
  const version = readPragma(database, "user_version");
  if (version === schemaVersion) return;
  if (typeof version === "number" && version > schemaVersion) {
    const message = `the record has version ${version}, this Belay reads ${schemaVersion}`;
    throw new BelayError("record-too-new", message);
  }
  throw new BelayError("file-unreadable", "the file holds no record");
}

function triggers(): string {
  return appendOnly
    .flatMap((table) =>
      ["UPDATE", "DELETE"].map(
        (verb) => `CREATE TRIGGER ${table}_refuse_${verb} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} are never changed'); END;`,
      ),
    )
    .join("\n");
}
