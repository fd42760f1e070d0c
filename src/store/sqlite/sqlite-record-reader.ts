/** @module Reading a record in SQLite, from any process, beside its writer or without one. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BelayError } from "../../base/errors.ts";
import type { RecordedEntry, StoredEntry, TreeHead } from "../../log/entry.ts";
import { emptyRootHash } from "../../log/merkle.ts";
import type { EntryQuery, FoundMark, KeptBundle, Lease, RecordReader } from "../record-store.ts";
import { openReaderConnection } from "./connection.ts";
import { createEntryQuery } from "./entry-query.ts";
import {
  entryColumns,
  foundMark,
  leaseOf,
  type MarkColumns,
  type Row,
  recordedEntry,
  storedEntry,
} from "./entry-row.ts";
import { translateCorruption } from "./sqlite-error.ts";

const selectEntry = `SELECT ${entryColumns} FROM entries LEFT JOIN bodies USING (leaf_index)`;
const selectBundle = `SELECT bundles.leaf_index, revision, name, sha256, time_ms,
  length(archive) AS archive_bytes`;

/**
 * Opens the record in `directory` for reading.
 * @throws BelayError `file-unreadable`, `log-corrupt`, `record-too-new`
 */
export async function openSqliteRecordReader(options: {
  readonly directory: string;
}): Promise<SqliteRecordReader> {
  return new SqliteRecordReader(openReaderConnection(options.directory));
}

/** Reads are short and made at once, on the calling thread; they never wait for the writer. */
export class SqliteRecordReader implements RecordReader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async findEntry(id: string): Promise<RecordedEntry | undefined> {
    const row = this.#row(`${selectEntry} WHERE entries.id = ?`, id);
    return row && recordedEntry(row);
  }

  async findByIdempotencyKey(
    key: string,
  ): Promise<{ readonly requestSha256: string; readonly entry: RecordedEntry } | undefined> {
    const row = this.#row(
      `SELECT request_sha256, ${entryColumns} FROM idempotency_keys
       JOIN entries USING (leaf_index) LEFT JOIN bodies USING (leaf_index) WHERE key = ?`,
      key,
    );
    return row && { requestSha256: row["request_sha256"] as string, entry: recordedEntry(row) };
  }

  async listEntries(query: EntryQuery): Promise<readonly RecordedEntry[]> {
    const { sql, values } = createEntryQuery(query);
    return this.#rows(sql, ...values).map((row) => this.loadEntry(row["leaf_index"] as number));
  }

  async findMarks(subject: string, sinceMs: number, limit: number): Promise<readonly FoundMark[]> {
    // Fifty are read for a decision: as arrays they take a third of the time they take as objects.
    const sql = `SELECT value, leaf_index, time_ms FROM marks
      WHERE subject = ? AND time_ms >= ?
      ORDER BY time_ms DESC, leaf_index DESC, place DESC LIMIT ?`;
    const rows = this.#read(() => {
      const statement = this.#statement(sql);
      statement.setReturnArrays(true);
      return statement.all(subject, sinceMs, limit);
    });
    return (rows as unknown as readonly MarkColumns[]).map(foundMark);
  }

  async findLease(scope: string): Promise<Lease | undefined> {
    const row = this.#row("SELECT * FROM leases WHERE scope = ?", scope);
    return row && leaseOf(row);
  }

  async readEntries(fromLeafIndex: number, limit: number): Promise<readonly StoredEntry[]> {
    const sql = `${selectEntry} WHERE entries.leaf_index >= ? ORDER BY entries.leaf_index LIMIT ?`;
    const rows = this.#rows(sql, fromLeafIndex, limit);
    await nextTurn();
    return rows.map(storedEntry);
  }

  async readHead(): Promise<TreeHead> {
    const sql = "SELECT tree_size, root_hash FROM heads ORDER BY tree_size DESC LIMIT 1";
    const row = this.#row(sql);
    return row === undefined ? { treeSize: 0, rootHash: emptyRootHash } : treeHead(row);
  }

  async readHeads(afterTreeSize: number, limit: number): Promise<readonly TreeHead[]> {
    const sql =
      "SELECT tree_size, root_hash FROM heads WHERE tree_size > ? ORDER BY tree_size LIMIT ?";
    return this.#rows(sql, afterTreeSize, limit).map(treeHead);
  }

  async findChannel(name: string): Promise<string | undefined> {
    const row = this.#row("SELECT revision FROM channels WHERE name = ?", name);
    return row && (row["revision"] as string);
  }

  async listBundles(): Promise<readonly KeptBundle[]> {
    const sql = `${selectBundle} FROM bundles JOIN entries USING (leaf_index)
      ORDER BY bundles.leaf_index DESC`;
    return this.#rows(sql).map(keptBundle);
  }

  async findBundle(
    revision: string,
  ): Promise<{ readonly kept: KeptBundle; readonly archive: Uint8Array } | undefined> {
    const sql = `${selectBundle}, archive FROM bundles JOIN entries USING (leaf_index)
      WHERE revision = ?`;
    const row = this.#row(sql, revision);
    return row && { kept: keptBundle(row), archive: row["archive"] as Uint8Array };
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  /**
   * The entry at a place that is known to be taken.
   * @throws BelayError `log-corrupt`
   */
  protected loadEntry(leafIndex: number): RecordedEntry {
    const row = this.#row(`${selectEntry} WHERE entries.leaf_index = ?`, leafIndex);
    if (row === undefined) throw new BelayError("log-corrupt", `entry ${leafIndex} is missing`);
    return recordedEntry(row);
  }

  #row(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#read(() => this.#statement(sql).get(...values));
  }

  #rows(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#read(() => this.#statement(sql).all(...values));
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw translateCorruption(error);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function treeHead(row: Row): TreeHead {
  return { treeSize: row["tree_size"] as number, rootHash: row["root_hash"] as Uint8Array };
}

function keptBundle(row: Row): KeptBundle {
  return {
    name: row["name"] as string,
    revision: row["revision"] as string,
    sha256: row["sha256"] as string,
    archiveBytes: row["archive_bytes"] as number,
    leafIndex: row["leaf_index"] as number,
    publishedAt: new Date(row["time_ms"] as number).toISOString(),
  };
}
