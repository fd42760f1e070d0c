/**
 * @module Keeps one toolchain thread between calls: starts it when it is needed, asks it one thing
 * at a time in the order of the calls, and lets it go when nobody has asked for a while.
 */

import { ToolchainThread } from "./toolchain-thread.ts";

export interface ResidentThreadOptions {
  readonly artefactPath: string;
  readonly deadlineMs: number;
  readonly idleMs: number;
}

export class ResidentThread {
  readonly #options: ResidentThreadOptions;
  #thread: ToolchainThread | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #callCount = 0;
  /** Settles when the calls made so far have been served. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ResidentThreadOptions) {
    this.#options = options;
  }

  /** One document in, one out. @throws BelayError `toolchain-deadline` or `toolchain-crashed` */
  async ask(document: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    this.#callCount += 1;
    clearTimeout(this.#idleTimer);
    const reply = this.#turn.then(() => this.#serve(document));
    this.#turn = reply.catch(() => undefined);
    try {
      return await reply;
    } finally {
      this.#callCount -= 1;
      if (this.#callCount === 0) this.#waitIdle();
    }
  }

  /** Lets the calls made so far finish, then ends the thread. */
  async end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#turn = this.#turn.then(() => this.#drop());
    await this.#turn;
  }

  async #serve(document: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const { artefactPath, deadlineMs } = this.#options;
    if (this.#thread?.isAlive !== true) {
      this.#thread = await ToolchainThread.start(artefactPath, deadlineMs);
    }
    return this.#thread.ask(document, deadlineMs);
  }

  #waitIdle(): void {
    this.#idleTimer = setTimeout(() => void this.end(), this.#options.idleMs);
    this.#idleTimer.unref();
  }

  async #drop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.end();
  }
}
