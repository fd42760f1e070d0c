/**
 * @module The record in one folder of this machine. Trusted for being written whole and in order,
 * not for staying as it was: whoever can write its file can change it, and `verifyRecord` tells,
 * except of a record that is cut back to an earlier head of its own.
 */

import type { DatabaseSync } from "node:sqlite";
import type { MessagePort } from "node:worker_threads";
import { prepareAppend } from "../prepare-append.ts";
import type { AppendRequest, AppendResult, RecordStore } from "../record-store.ts";
import { openReaderConnection } from "./connection.ts";
import { lockDataDirectory, type WriterLock } from "./data-directory.ts";
import { SqliteRecordReader } from "./sqlite-record-reader.ts";
import { wireAppend } from "./wire.ts";
import { Writer, type WriterBounds } from "./writer.ts";
import { WriterOwner } from "./writer-owner.ts";

export interface SqliteRecordOptions extends Partial<WriterBounds> {
  /** Made where it is missing, for this user alone. */
  readonly directory: string;
}

/** Of one process; threads that share a record divide them. */
export const writerBounds: WriterBounds = {
  waitingMax: 10_000,
  waitingBytesMax: 256 * 1024 * 1024,
};

/**
 * Opens the record in `directory` for writing, makes it where there is none, and verifies its tail.
 * @throws BelayError `data-directory-in-use`, `log-sealed`, `log-corrupt`, `record-too-new`
 */
export async function openSqliteRecordStore(
  options: SqliteRecordOptions,
): Promise<SharedSqliteRecordStore> {
  const { directory } = options;
  const lock = lockDataDirectory(directory);
  let owner: WriterOwner | undefined;
  try {
    owner = await WriterOwner.open({ directory });
    const bounds = { ...writerBounds, ...options };
    return new SharedSqliteRecordStore(openReaderConnection(directory), { owner, lock, bounds });
  } catch (error) {
    await owner?.close();
    lock.release();
    throw error;
  }
}

/**
 * A store on a record that another one of this process has open. Each has its own connection for
 * reading and its own bounds; their appends share commits.
 * @throws BelayError `file-unreadable`, `log-corrupt`, `record-too-new`
 */
export function joinSqliteRecordStore(
  directory: string,
  port: MessagePort,
  bounds: WriterBounds,
): SqliteRecordStore {
  return new SqliteRecordStore(openReaderConnection(directory), new Writer(port, bounds));
}

export class SqliteRecordStore extends SqliteRecordReader implements RecordStore {
  readonly #writer: Writer;
  #closed: Promise<void> | undefined;

  constructor(database: DatabaseSync, writer: Writer) {
    super(database);
    this.#writer = writer;
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
      case "lease-held":
        return outcome;
    }
  }

  override close(): Promise<void> {
    this.#closed ??= this.closeOnce();
    return this.#closed;
  }

  protected async closeOnce(): Promise<void> {
    await this.#writer.close();
    await super.close();
  }
}

/** The store of the thread that opened the record. It outlives those that joined it. */
export class SharedSqliteRecordStore extends SqliteRecordStore {
  readonly #owner: WriterOwner;
  readonly #lock: WriterLock;

  constructor(database: DatabaseSync, { owner, lock, bounds }: Ownership) {
    super(database, new Writer(owner.connect(), bounds));
    this.#owner = owner;
    this.#lock = lock;
  }

  /** A port for one store that joins this one, in this thread or in another. */
  connect(): MessagePort {
    return this.#owner.connect();
  }

  protected override async closeOnce(): Promise<void> {
    await super.closeOnce();
    await this.#owner.close();
    this.#lock.release();
  }
}

interface Ownership {
  readonly owner: WriterOwner;
  readonly lock: WriterLock;
  readonly bounds: WriterBounds;
}
