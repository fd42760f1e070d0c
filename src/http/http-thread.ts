/**
 * @module One life of a thread that serves HTTP, as the thread that started it sees it. It is asked
 * over a port; when it ends, or does not answer in time and is ended, whoever owns it starts another.
 */

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { CentralBelay } from "../service/belay.ts";
import type { CrosscheckMode } from "../service/crosschecking.ts";
import type { Follower } from "../service/production.ts";
import { connectThreads, type Peer } from "../service/thread-calls.ts";
import type { ListenPlace } from "./listen-place.ts";
import type { Exposition, Readings } from "./metrics.ts";

/** What a thread may ask of the one that started it. */
export interface OfferedToThread extends CentralBelay {
  exposeMetrics(): Promise<Exposition>;
}

/** What a thread does when it is asked. */
export interface OfferedByThread extends Follower {
  /** Answers when the thread's modules are loaded. */
  start(): Promise<void>;
  /** Begins to serve at `port`, and answers with it; 0 for any free one. */
  listen(port: number): Promise<number>;
  readMetrics(): Promise<Readings>;
  /** Takes no more connections; answers when what was taken is answered, or `graceMs` are over. */
  stop(graceMs: number): Promise<void>;
  /** Lets go of the record. Nothing is asked of the thread afterwards, and it ends. */
  close(): Promise<void>;
}

/** What a thread gets to know when it starts. */
export interface HttpThreadData {
  /** From 1; a thread that takes the place of another has the same. */
  readonly number: number;
  readonly threadCount: number;
  readonly place: ListenPlace;
  readonly isShared: boolean;
  readonly hostNames: readonly string[] | "any";
  readonly crosscheck: CrosscheckMode;
  readonly logLevel: string;
  /** To the thread that started it. */
  readonly calls: MessagePort;
  /** To the writer of the record in `recordDirectory`. */
  readonly record: MessagePort;
  readonly recordDirectory: string;
}

export interface HttpThreadOptions {
  /** The thread's module: it hands its `workerData`, an `HttpThreadData`, to `startThreadServer`. */
  readonly module: URL;
  readonly data: Omit<HttpThreadData, "calls">;
  readonly offer: OfferedToThread;
}

/**
 * V8 lets a heap grow with what it may become. Of a decision nothing stays; but while it waits to be
 * recorded others are made, and where the young heap is too small for all of them they are moved to
 * the old one. With 12 MB a thread answers a fifth less than with 32, which cost it 20 MB; a thread
 * that does need more of the old heap is replaced.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 512 };

/** How long it may take to load the modules; much of that is other threads doing the same. */
const startDeadlineMs = 60_000;

/**
 * How long a thread may take to prepare a revision, and to follow it. No evaluation takes that
 * long: a thread that does not answer is stuck, and would hold up promotions for ever.
 */
const followDeadlineMs = 15_000;

/** How long a thread may take to end once it has let go of everything. */
const endDeadlineMs = 2_000;

export class HttpThread implements Follower {
  readonly number: number;
  readonly #worker: Worker;
  readonly #peer: Peer<OfferedByThread>;
  readonly #ended = Promise.withResolvers<string>();
  #reason = "it ended without a word";

  constructor({ module, data, offer }: HttpThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    this.number = data.number;
    this.#worker = new Worker(module, {
      name: `belay-http-${String(data.number)}`,
      workerData: { ...data, calls: port2 } satisfies HttpThreadData,
      transferList: [port2, data.record],
      resourceLimits,
    });
    this.#peer = connectThreads<OfferedByThread, OfferedToThread>(port1, offer);
    this.#worker.on("error", (error) => {
      this.#reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    this.#worker.on("exit", () => {
      this.#peer.close();
      this.#ended.resolve(this.#reason);
    });
  }

  /** Resolves with the reason when the thread has ended, whoever ended it. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** Resolves when the thread can be asked. @throws BelayError where it cannot be started */
  async start(): Promise<void> {
    await this.#inTime(startDeadlineMs, "start", this.#peer.call("start"));
  }

  /** @throws BelayError `address-in-use`, `usage` */
  listen(port: number): Promise<number> {
    return this.#peer.call("listen", port);
  }

  async prepare(revision: string): Promise<void> {
    await this.#unlessEnded(
      this.#inTime(followDeadlineMs, "prepare a revision", this.#peer.call("prepare", revision)),
    );
  }

  async follow(revision: string): Promise<void> {
    try {
      await this.#inTime(followDeadlineMs, "follow a move", this.#peer.call("follow", revision));
    } catch (error) {
      // The move is on record: whoever does not follow may not go on deciding.
      await this.end(`it did not follow a move: ${String(error)}`);
    }
  }

  /** Undefined from a thread that has ended. */
  readMetrics(): Promise<Readings | undefined> {
    return this.#unlessEnded(this.#peer.call("readMetrics"));
  }

  /** Resolves when what was taken is answered, after `graceMs` at the latest. */
  async stop(graceMs: number): Promise<void> {
    const patienceMs = graceMs + 1_000;
    await this.#unlessEnded(this.#inTime(patienceMs, "stop", this.#peer.call("stop", graceMs)));
  }

  /** Has the thread let go of the record and end. */
  async close(): Promise<void> {
    await this.#unlessEnded(this.#peer.call("close"));
    await this.#inTime(endDeadlineMs, "end", this.ended);
  }

  async end(reason: string): Promise<void> {
    this.#reason = reason;
    await this.#worker.terminate();
  }

  /** What `answer` gives. A thread that takes longer is ended, and the answer with it. */
  async #inTime<T>(deadlineMs: number, what: string, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => void this.end(`it did not ${what} within ${String(deadlineMs)} ms`),
      deadlineMs,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  async #unlessEnded<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!this.#peer.isOpen) return undefined;
      throw error;
    }
  }
}
