/**
 * @module The thread that writes a record: it owns the one connection that does. It takes whatever
 * waits, up to a bound, makes one transaction of it, and answers once that is durable; meanwhile
 * the next batch gathers. Checkpoints come after the answers.
 */

import type { DatabaseSync } from "node:sqlite";
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { BelayError } from "../../base/errors.ts";
import { Committer } from "./committer.ts";
import { openWriterConnection } from "./connection.ts";
import { sqliteMessage, translateCorruption } from "./sqlite-error.ts";
import { loadTail } from "./tail.ts";
import type { FromWriter, ToWriter, WireAppend } from "./wire.ts";

const batchAppendsMax = 512;
const batchBytesMax = 8 * 1024 * 1024;

/** Pages of 4 KiB. Larger makes checkpoints rarer and each of them longer. */
const checkpointPages = 4_000;

class WriterThread {
  readonly #port: MessagePort;
  readonly #database: DatabaseSync;
  readonly #committer: Committer;
  #waiting: WireAppend[] = [];
  #sealed = false;
  #closing = false;

  constructor(port: MessagePort, database: DatabaseSync) {
    this.#port = port;
    this.#database = database;
    this.#committer = new Committer(database, loadTail(database));
    port.on("message", (message: ToWriter) => {
      this.#take(message);
      this.#drain();
    });
  }

  #take(message: ToWriter): void {
    if (message.kind === "close") this.#closing = true;
    else if (!this.#sealed) this.#waiting.push(...message.appends);
  }

  #drain(): void {
    for (;;) {
      this.#takePosted();
      if (this.#sealed || this.#waiting.length === 0) break;
      this.#commitBatch();
    }
    if (this.#closing) this.#end();
  }

  /** What was posted while the last batch was committed. */
  #takePosted(): void {
    for (;;) {
      const posted: { message: ToWriter } | undefined = receiveMessageOnPort(this.#port);
      if (posted === undefined) return;
      this.#take(posted.message);
    }
  }

  #commitBatch(): void {
    const batch = this.#waiting.splice(0, batchLength(this.#waiting));
    try {
      const commit = this.#committer.commit(batch);
      post(this.#port, { kind: "committed", ...commit });
      this.#checkpoint();
    } catch (error) {
      // The operating system may report a failed write once and forget it: no second try is safe.
      this.#sealed = true;
      this.#waiting = [];
      post(this.#port, { kind: "sealed", reason: sqliteMessage(error) });
    }
  }

  /** Copies the write-ahead log into the database once it is long. Never waits for a reader. */
  #checkpoint(): void {
    const { log, checkpointed } = this.#checkpointed("NOOP");
    if (log - checkpointed >= checkpointPages) this.#checkpointed("PASSIVE");
  }

  #end(): void {
    // Leaves all of the record in its one file, for whoever copies it.
    if (!this.#sealed) this.#checkpointed("TRUNCATE");
    this.#database.close();
    this.#port.close();
  }

  #checkpointed(mode: "NOOP" | "PASSIVE" | "TRUNCATE"): { log: number; checkpointed: number } {
    const row = this.#database.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
    return { log: Number(row?.["log"]), checkpointed: Number(row?.["checkpointed"]) };
  }
}

function batchLength(waiting: readonly WireAppend[]): number {
  let bytes = 0;
  let length = 0;
  for (const append of waiting) {
    bytes += append.leafBytes.length + (append.publication?.archive.length ?? 0);
    bytes += (append.body?.input.length ?? 0) + (append.body?.decision.length ?? 0);
    if (length === batchAppendsMax || (length > 0 && bytes > batchBytesMax)) break;
    length += 1;
  }
  return length;
}

function post(port: MessagePort, message: FromWriter): void {
  port.postMessage(message);
}

function start(port: MessagePort): void {
  const { directory } = workerData as { readonly directory: string };
  let database: DatabaseSync | undefined;
  try {
    database = openWriterConnection(directory);
    new WriterThread(port, database);
    post(port, { kind: "opened" });
  } catch (thrown) {
    database?.close();
    const error = translateCorruption(thrown);
    const code = error instanceof BelayError ? error.code : "log-sealed";
    post(port, { kind: "refused", code, message: sqliteMessage(error) });
    port.close();
  }
}

assert(parentPort !== null, "the writer runs in a thread of its own");
start(parentPort);
