/**
 * @module One thread's way to the writer's thread: hands appends over, in order, and settles their
 * promises in the same order. When the writer seals itself or dies, everything that waits is
 * rejected, and so is whatever comes later.
 */

import type { MessagePort } from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { BelayError } from "../../base/errors.ts";
import type { TreeHead } from "../../log/entry.ts";
import type { Commit, FromWriter, ToWriter, WireAppend, WireOutcome } from "./wire.ts";

export interface WriterBounds {
  /** Appends that may wait; one more is refused. */
  readonly waitingMax: number;
  /** Bytes that they may hold, all of them together. */
  readonly waitingBytesMax: number;
}

export interface Settled {
  readonly outcome: Exclude<WireOutcome, { outcome: "rejected" }>;
  /** The tree after the commit. */
  readonly head: TreeHead;
}

interface Waiting {
  readonly bytes: number;
  readonly resolve: (settled: Settled) => void;
  readonly reject: (error: BelayError) => void;
}

export class Writer {
  readonly #port: MessagePort;
  readonly #bounds: WriterBounds;
  readonly #closed = Promise.withResolvers<void>();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #outbox: WireAppend[] = [];
  #sealed: string | undefined;
  #closing = false;

  /** `port`: from `WriterOwner.connect`, used by nobody else. */
  constructor(port: MessagePort, bounds: WriterBounds) {
    this.#port = port;
    this.#bounds = bounds;
    port.on("message", (message: FromWriter) => {
      if (message.kind === "committed") this.#settle(message);
      else this.#seal(message.reason);
    });
    port.on("close", () => {
      this.#seal(this.#closing ? "the record is closed" : "the writer's thread has ended");
      this.#closed.resolve();
    });
  }

  /** Why nothing is written any more; undefined while it is. */
  get sealed(): string | undefined {
    return this.#sealed;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** @throws BelayError `log-sealed`, `overloaded`, and what the record's rules refuse with */
  append(append: WireAppend, bytes: number): Promise<Settled> {
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#waitingBytes += bytes;
    const settled = new Promise<Settled>((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
    });
    // Whatever is appended in the same turn of the event loop crosses in one message.
    if (this.#outbox.length === 0) setImmediate(() => this.#flush());
    this.#outbox.push(append);
    return settled;
  }

  /** Has what waits committed, then lets go of the writer's thread. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#flush();
      this.#post({ kind: "close" });
    }
    await this.#closed.promise;
  }

  #refusal(bytes: number): BelayError | undefined {
    if (this.#sealed !== undefined) return sealedError(this.#sealed);
    if (this.#closing) return sealedError("the record is closed");
    const { waitingMax, waitingBytesMax } = this.#bounds;
    const isFull = this.#waiting.length >= waitingMax;
    if (!isFull && this.#waitingBytes + bytes <= waitingBytesMax) return undefined;
    return new BelayError("overloaded", `${this.#waiting.length} entries wait to be written`);
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const appends = this.#outbox;
    this.#outbox = [];
    this.#post({ kind: "append", appends });
  }

  #post(message: ToWriter): void {
    this.#port.postMessage(message);
  }

  #settle({ outcomes, head }: Commit): void {
    const settled = this.#waiting.splice(0, outcomes.length);
    assert(settled.length === outcomes.length, "every outcome answers a waiting append");
    outcomes.forEach((outcome, index) => {
      const { bytes, resolve, reject } = settled[index] as Waiting;
      this.#waitingBytes -= bytes;
      if (outcome.outcome === "rejected") reject(new BelayError(outcome.code, outcome.message));
      else resolve({ outcome, head });
    });
  }

  #seal(reason: string): void {
    this.#sealed ??= reason;
    const abandoned = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { reject } of abandoned) reject(sealedError(this.#sealed));
  }
}

function sealedError(reason: string): BelayError {
  return new BelayError("log-sealed", `the record cannot be written: ${reason}`);
}
