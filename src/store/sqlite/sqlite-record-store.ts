/**
 * @module The record in one folder of this machine. Trusted for being written whole and in order,
 * not for staying as it was: whoever can write its file can change it, and `verifyRecord` tells,
 * except of a record that is cut back to an earlier head of its own.
 */

import type { DatabaseSync } from "node:sqlite";
import { prepareAppend } from "../prepare-append.ts";
import type { AppendRequest, AppendResult, RecordStore } from "../record-store.ts";
import { openReaderConnection } from "./connection.ts";
import { lockDataDirectory, type WriterLock } from "./data-directory.ts";
import { SqliteRecordReader } from "./sqlite-record-reader.ts";
import { wireAppend } from "./wire.ts";
import { Writer } from "./writer.ts";

export interface SqliteRecordOptions {
  /** Made where it is missing, for this user alone. */
  readonly directory: string;
  /** Appends that may wait to be committed. */
  readonly waitingMax?: number;
  /** Bytes they may hold, all of them together. */
  readonly waitingBytesMax?: number;
}

const waitingMaxDefault = 10_000;
const waitingBytesMaxDefault = 256 * 1024 * 1024;

/**
 * Opens the record in `directory` for writing, makes it where there is none, and verifies its tail.
 * @throws BelayError `data-directory-in-use`, `log-sealed`, `log-corrupt`, `record-too-new`
 */
export async function openSqliteRecordStore(
  options: SqliteRecordOptions,
): Promise<SqliteRecordStore> {
  const { directory } = options;
  const lock = lockDataDirectory(directory);
  let writer: Writer | undefined;
  try {
    writer = await Writer.open({
      directory,
      waitingMax: options.waitingMax ?? waitingMaxDefault,
      waitingBytesMax: options.waitingBytesMax ?? waitingBytesMaxDefault,
    });
    return new SqliteRecordStore(openReaderConnection(directory), writer, lock);
  } catch (error) {
    await writer?.close();
    lock.release();
    throw error;
  }
}

export class SqliteRecordStore extends SqliteRecordReader implements RecordStore {
  readonly #writer: Writer;
  readonly #lock: WriterLock;
  #closed: Promise<void> | undefined;

  constructor(database: DatabaseSync, writer: Writer, lock: WriterLock) {
    super(database);
    this.#writer = writer;
    this.#lock = lock;
  }

  get sealed(): string | undefined {
    return this.#writer.sealed;
  }

  get waitingCount(): number {
    return this.#writer.waitingCount;
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const prepared = prepareAppend(request);
    const append = wireAppend(request, prepared);
    const { outcome, head } = await this.#writer.append(append, prepared.bytes);
    switch (outcome.outcome) {
      case "appended": {
        const { leaf, body } = request;
        const { leafBytes, leafHash } = prepared;
        const { leafIndex } = outcome;
        const entry = { leafIndex, leaf, leafBytes, leafHash, ...(body !== undefined && { body }) };
        return { outcome: "appended", entry, head };
      }
      case "duplicate":
        return { outcome: "duplicate", entry: this.loadEntry(outcome.leafIndex), head };
      case "key-reused":
      case "channel-moved":
        return outcome;
    }
  }

  override close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    await super.close();
    this.#lock.release();
  }
}
