/**
 * @module One life of the toolchain's worker thread. It serves one call at a time; a call that
 * takes too long or breaks it ends it, and whoever owns it starts another.
 */

import { Worker } from "node:worker_threads";
import { BelayError } from "../../base/errors.ts";

/** The first reply is empty and says that the toolchain is loaded. */
export type WorkerMessage =
  | { readonly reply: Uint8Array<ArrayBuffer> }
  | { readonly crash: string };

/** Go recurses on the thread's own stack; deeply nested documents need more than Node's 4 MiB. */
const stackMegabytes = 64;

export class ToolchainThread {
  readonly #worker: Worker;
  #isAlive = true;

  private constructor(worker: Worker) {
    this.#worker = worker;
    const noteEnd = () => {
      this.#isAlive = false;
    };
    // An error that comes while nobody asks must not become an uncaught one of the process.
    worker.once("exit", noteEnd).on("error", noteEnd);
  }

  /** Loads the artefact at `artefactPath` into a new thread; takes about half a second. */
  static async start(artefactPath: string, deadlineMs: number): Promise<ToolchainThread> {
    const worker = new Worker(new URL("./toolchain-worker.ts", import.meta.url), {
      workerData: artefactPath,
      name: "belay-toolchain",
      env: {},
      execArgv: [],
      resourceLimits: { stackSizeMb: stackMegabytes },
    });
    const thread = new ToolchainThread(worker);
    await thread.#nextReply(deadlineMs);
    worker.unref();
    return thread;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * @throws BelayError `toolchain-deadline` or `toolchain-crashed`; the thread has ended then.
   */
  async ask(document: Uint8Array<ArrayBuffer>, deadlineMs: number): Promise<Uint8Array> {
    // While it works, the thread keeps the process alive; a resident one that waits does not.
    this.#worker.ref();
    this.#worker.postMessage(document, [document.buffer]);
    const reply = await this.#nextReply(deadlineMs);
    this.#worker.unref();
    return reply;
  }

  async end(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  async #nextReply(deadlineMs: number): Promise<Uint8Array> {
    const settled = Promise.withResolvers<WorkerMessage>();
    const timer = setTimeout(() => {
      settled.reject(
        new BelayError("toolchain-deadline", `the toolchain did not answer in ${deadlineMs} ms`),
      );
    }, deadlineMs);
    const fail = (reason: unknown) => settled.reject(createCrash(reason));
    const failExit = () => fail("the thread ended");
    this.#worker.once("message", settled.resolve).once("error", fail).once("exit", failExit);
    try {
      const message = await settled.promise;
      if ("crash" in message) throw createCrash(message.crash);
      return message.reply;
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#worker.off("message", settled.resolve).off("error", fail).off("exit", failExit);
    }
  }
}

/** `reason` is Go's own report, with stacks: for the log, not for the caller. */
export function createCrash(reason: unknown): BelayError {
  const isMemory = /out of memory|cannot allocate/i.test(String(reason));
  const message = isMemory
    ? "the toolchain needed more memory than a call may have"
    : "the toolchain stopped while it served the call";
  return new BelayError("toolchain-crashed", message, { cause: reason });
}
