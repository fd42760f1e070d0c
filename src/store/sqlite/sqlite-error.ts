/** @module SQLite's result codes (sqlite.org/rescode.html), as `node:sqlite` reports them. */

import { BelayError } from "../../base/errors.ts";

export const sqliteBusy = 5;
const sqliteCorrupt = 11;
const sqliteConstraint = 19;
const sqliteNotADatabase = 26;
/** SQLITE_CONSTRAINT_TRIGGER: a trigger of the schema refused. */
const sqliteConstraintTrigger = 1811;

/** Whether `error` comes from SQLite with this primary result code. */
export function hasSqliteCode(error: unknown, primaryCode: number): boolean {
  const code = extendedCode(error);
  return code !== undefined && (code & 0xff) === primaryCode;
}

/**
 * Whether a row broke a rule of the schema that depends on the row: unique, not null, check,
 * foreign key. The triggers' rules are about the record as a whole and do not count.
 */
export function isRowRefused(error: unknown): boolean {
  return hasSqliteCode(error, sqliteConstraint) && extendedCode(error) !== sqliteConstraintTrigger;
}

/** `error`, or `log-corrupt` where SQLite says that the file is damaged or none of its own. */
export function translateCorruption(error: unknown): unknown {
  if (!hasSqliteCode(error, sqliteCorrupt) && !hasSqliteCode(error, sqliteNotADatabase)) {
    return error;
  }
  return new BelayError("log-corrupt", "the record's file is damaged", { cause: error });
}

/** What SQLite says, fit to be shown: it names tables and columns, never values. */
export function sqliteMessage(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}

function extendedCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}
