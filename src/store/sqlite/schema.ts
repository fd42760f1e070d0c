/** @module The tables of a record. `user_version` names their version; a newer one is refused. */

import type { DatabaseSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import { readPragma } from "./pragma.ts";

const schemaVersion = 2;

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

/** What version 2 added: facts to find history by, and who holds what. */
const tablesOfVersion2 = `
CREATE TABLE marks (
  subject TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  leaf_index INTEGER NOT NULL REFERENCES entries,
  place INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (subject, time_ms, leaf_index, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  scope TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  value TEXT NOT NULL,
  taken_at_ms INTEGER NOT NULL,
  renewed_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

const appendOnly = ["entries", "decision_policies", "heads", "idempotency_keys", "bundles"];

/** Makes the tables of a new record, and those that an older one lacks. For the one that writes. */
export function prepareSchema(database: DatabaseSync): void {
  const version = readPragma(database, "user_version");
  if (version === 0 || version === 1) {
    database.exec("BEGIN IMMEDIATE");
    // Fails where the file holds tables of somebody else, and the transaction leaves no trace.
    if (version === 0) database.exec(tables + triggersOf(appendOnly));
    database.exec(tablesOfVersion2 + triggersOf(["marks"]));
    database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
  }
  expectSchema(database);
}

/** @throws BelayError `record-too-new`, `file-unreadable` */
export function expectSchema(database: DatabaseSync): void {
  const version = readPragma(database, "user_version");
  // A record of version 1 that nobody writes any more is read as it is: it has no marks.
  if (version === schemaVersion || version === 1) return;
  if (typeof version === "number" && version > schemaVersion) {
    const message = `the record has version ${version}, this Belay reads ${schemaVersion}`;
    throw new BelayError("record-too-new", message);
  }
  throw new BelayError("file-unreadable", "the file holds no record");
}

function triggersOf(tableNames: readonly string[]): string {
  return tableNames
    .flatMap((table) =>
      ["UPDATE", "DELETE"].map(
        (verb) => `CREATE TRIGGER ${table}_refuse_${verb} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} are never changed'); END;`,
      ),
    )
    .join("\n");
}
