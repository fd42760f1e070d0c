/**
 * @module The writer's thread as the thread that made it sees it: opened, joined by one after the
 * other who appends, and ended when all of them have let go.
 */

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { BelayError } from "../../base/errors.ts";
import type { FromWriterThread, ToWriterThread } from "./wire.ts";

/** Appends pass through and leave nothing behind: a larger one would only take memory. */
const youngGenerationMb = 12;

export interface WriterOwnerOptions {
  readonly directory: string;
  /** The thread's module. */
  readonly module?: URL;
}

export class WriterOwner {
  readonly #worker: Worker;
  readonly #opened = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();

  private constructor({ directory, module }: WriterOwnerOptions) {
    this.#worker = new Worker(module ?? new URL("./writer-thread.ts", import.meta.url), {
      workerData: { directory },
      name: "belay-writer",
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker.on("message", (message: FromWriterThread) => {
      if (message.kind === "opened") this.#opened.resolve();
      else this.#opened.reject(new BelayError(message.code, message.message));
    });
    this.#worker.on("error", (error) => this.#refuse(error));
    this.#worker.on("exit", () => {
      this.#refuse(undefined);
      this.#exited.resolve();
    });
  }

  /** Resolves once the record is open and its tail verified. Throws what the thread refuses with. */
  static async open(options: WriterOwnerOptions): Promise<WriterOwner> {
    const owner = new WriterOwner(options);
    await owner.#opened.promise;
    return owner;
  }

  /** A port for one `Writer`, in this thread or in another. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#post({ kind: "connect", port: port2 }, [port2]);
    return port1;
  }

  /** Commits whatever was taken, and ends the thread. May be called again. */
  async close(): Promise<void> {
    this.#post({ kind: "end" });
    await this.#exited.promise;
  }

  /** Matters only to a thread that ended before it had opened the record. */
  #refuse(cause: unknown): void {
    this.#opened.reject(new BelayError("log-sealed", "the writer's thread has ended", { cause }));
  }

  #post(message: ToWriterThread, transfer: readonly MessagePort[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
