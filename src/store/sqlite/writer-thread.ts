/**
 * @module The thread that writes a record: it owns the one connection that does, and serves every
 * thread that appends, each over a port of its own. It takes whatever waits, up to a bound, makes
 * one transaction of it, and answers once that is durable; meanwhile the next batch gathers.
 * Checkpoints come after the answers.
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
import type {
  FromWriter,
  FromWriterThread,
  ToWriter,
  ToWriterThread,
  WireAppend,
  WireOutcome,
} from "./wire.ts";

const batchAppendsMax = 512;
const batchBytesMax = 8 * 1024 * 1024;

/** Pages of 4 KiB. Larger makes checkpoints rarer and each of them longer. */
const checkpointPages = 4_000;

interface WaitingAppend {
  readonly append: WireAppend;
  /** Where its outcome goes. */
  readonly port: MessagePort;
}

class WriterThread {
  readonly #owner: MessagePort;
  readonly #database: DatabaseSync;
  readonly #committer: Committer;
  readonly #ports = new Set<MessagePort>();
  /** Ports whose last message has come. */
  readonly #leaving = new Set<MessagePort>();
  #waiting: WaitingAppend[] = [];
  #sealed: string | undefined;
  #ending = false;

  constructor(owner: MessagePort, database: DatabaseSync) {
    this.#owner = owner;
    this.#database = database;
    this.#committer = new Committer(database, loadTail(database));
    owner.on("message", (message: ToWriterThread) => {
      this.#obey(message);
      this.#drain();
    });
  }

  #obey(message: ToWriterThread): void {
    if (message.kind === "end") this.#ending = true;
    else this.#connect(message.port);
  }

  #connect(port: MessagePort): void {
    this.#ports.add(port);
    if (this.#sealed !== undefined) post(port, { kind: "sealed", reason: this.#sealed });
    port.on("message", (message: ToWriter) => {
      this.#take(port, message);
      this.#drain();
    });
    // Its thread has ended. What it appended is on record or comes there; nobody hears of it.
    port.on("close", () => this.#ports.delete(port));
  }

  #take(port: MessagePort, message: ToWriter): void {
    if (message.kind === "close") this.#leaving.add(port);
    else if (this.#sealed === undefined) {
      for (const append of message.appends) this.#waiting.push({ append, port });
    }
  }

  #drain(): void {
    for (;;) {
      this.#takePosted();
      if (this.#sealed !== undefined || this.#waiting.length === 0) break;
      this.#commitBatch();
    }
    for (const port of this.#leaving) port.close();
    this.#leaving.clear();
    if (this.#ending) this.#end();
  }

  /** What was posted while the last batch was committed: under load no event comes in between. */
  #takePosted(): void {
    for (const message of posted<ToWriterThread>(this.#owner)) this.#obey(message);
    for (const port of this.#ports) {
      for (const message of posted<ToWriter>(port)) this.#take(port, message);
    }
  }

  #commitBatch(): void {
    const batch = this.#waiting.splice(0, batchLength(this.#waiting));
    try {
      const { outcomes, head } = this.#committer.commit(batch.map(({ append }) => append));
      for (const [port, own] of outcomesByPort(batch, outcomes)) {
        post(port, { kind: "committed", outcomes: own, head });
      }
      this.#checkpoint();
    } catch (error) {
      // The operating system may report a failed write once and forget it: no second try is safe.
      this.#seal(sqliteMessage(error));
    }
  }

  #seal(reason: string): void {
    this.#sealed = reason;
    this.#waiting = [];
    for (const port of this.#ports) post(port, { kind: "sealed", reason });
  }

  /** Copies the write-ahead log into the database once it is long. Never waits for a reader. */
  #checkpoint(): void {
    const { log, checkpointed } = this.#checkpointed("NOOP");
    if (log - checkpointed >= checkpointPages) this.#checkpointed("PASSIVE");
  }

  #end(): void {
    // Leaves all of the record in its one file, for whoever copies it.
    if (this.#sealed === undefined) this.#checkpointed("TRUNCATE");
    this.#database.close();
    for (const port of this.#ports) port.close();
    this.#owner.close();
  }

  #checkpointed(mode: "NOOP" | "PASSIVE" | "TRUNCATE"): { log: number; checkpointed: number } {
    const row = this.#database.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
    return { log: Number(row?.["log"]), checkpointed: Number(row?.["checkpointed"]) };
  }
}

function* posted<T>(port: MessagePort): Generator<T> {
  for (;;) {
    const received: { message: T } | undefined = receiveMessageOnPort(port);
    if (received === undefined) return;
    yield received.message;
  }
}

function batchLength(waiting: readonly WaitingAppend[]): number {
  let bytes = 0;
  let length = 0;
  for (const { append } of waiting) {
    bytes += append.leafBytes.length + (append.publication?.archive.length ?? 0);
    bytes += (append.body?.input.length ?? 0) + (append.body?.decision.length ?? 0);
    if (length === batchAppendsMax || (length > 0 && bytes > batchBytesMax)) break;
    length += 1;
  }
  return length;
}

/** Each port's outcomes, in the order of its appends. */
function outcomesByPort(
  batch: readonly WaitingAppend[],
  outcomes: readonly WireOutcome[],
): ReadonlyMap<MessagePort, readonly WireOutcome[]> {
  assert(batch.length === outcomes.length, "every append has an outcome");
  const byPort = new Map<MessagePort, WireOutcome[]>();
  batch.forEach(({ port }, index) => {
    const own = byPort.get(port) ?? [];
    own.push(outcomes[index] as WireOutcome);
    byPort.set(port, own);
  });
  return byPort;
}

function post(port: MessagePort, message: FromWriter): void {
  port.postMessage(message);
}

function start(owner: MessagePort): void {
  const { directory } = workerData as { readonly directory: string };
  let database: DatabaseSync | undefined;
  const answer = (message: FromWriterThread): void => owner.postMessage(message);
  try {
    database = openWriterConnection(directory);
    new WriterThread(owner, database);
    answer({ kind: "opened" });
  } catch (thrown) {
    database?.close();
    const error = translateCorruption(thrown);
    const code = error instanceof BelayError ? error.code : "log-sealed";
    answer({ kind: "refused", code, message: sqliteMessage(error) });
    owner.close();
  }
}

assert(parentPort !== null, "the writer runs in a thread of its own");
start(parentPort);
