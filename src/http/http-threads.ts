/**
 * @module The threads that serve HTTP, all at one port. One that ends is replaced while the others
 * go on; where they keep ending, the whole gives up, because something is wrong that a new thread
 * does not mend.
 */

import type { MessagePort } from "node:worker_threads";
import type { Logger } from "pino";
import { BelayError } from "../base/errors.ts";
import type { LeadingBelay } from "../service/create-belay.ts";
import type { CrosscheckMode } from "../service/crosschecking.ts";
import { HttpThread, type HttpThreadData, type OfferedToThread } from "./http-thread.ts";
import { type AskedPlace, canSharePort, findListenPlace, urlOf } from "./listen-place.ts";
import {
  createProcessMetrics,
  type Exposition,
  keepCounts,
  type ProcessMetrics,
  type Readings,
} from "./metrics.ts";

export interface HttpThreadsOptions extends AskedPlace {
  readonly belay: LeadingBelay;
  /** 1 or more; where threads cannot share a port it is 1, whatever is asked. */
  readonly threadCount: number;
  /** See `HttpThreadOptions`. */
  readonly module: URL;
  readonly recordDirectory: string;
  /** A port to join the record with, for one thread. */
  readonly connectRecord: () => MessagePort;
  readonly hostNames: HttpThreadData["hostNames"];
  readonly crosscheck: CrosscheckMode;
  readonly logger: Logger;
}

/** More threads lost than this within the window, and the whole gives up. */
const lossesMax = 5;
const lossWindowMs = 60_000;

export class HttpThreads {
  readonly #options: HttpThreadsOptions;
  readonly #metrics: ProcessMetrics;
  readonly #failed = Promise.withResolvers<never>();
  readonly #serving = new Map<HttpThread, Readings>();
  readonly #starting = new Set<HttpThread>();
  #shared: Pick<HttpThreadData, "place" | "isShared" | "threadCount">;
  /** When threads were lost, in milliseconds of the monotonic clock. */
  #lossesMs: readonly number[] = [];
  /** Counts of threads that have ended. */
  #counts: Readings = [];
  #isStopping = false;

  private constructor(
    options: HttpThreadsOptions,
    shared: Pick<HttpThreadData, "place" | "isShared" | "threadCount">,
  ) {
    this.#options = options;
    this.#shared = shared;
    this.#metrics = createProcessMetrics({
      health: () => options.belay.health(),
      readHead: () => options.belay.readHead(),
      countThreads: () => this.#serving.size,
      crosscheckCounts: options.belay.crosscheckCounts,
    });
    // Whoever does not wait for it learns of it when they stop.
    this.#failed.promise.catch(() => undefined);
  }

  /**
   * Resolves when every thread serves.
   * @throws BelayError `open-without-authentication`, `address-in-use`, `usage`
   */
  static async start(options: HttpThreadsOptions): Promise<HttpThreads> {
    const place = await findListenPlace(options);
    const isShared = options.threadCount > 1 && (await canSharePort(place));
    const threadCount = isShared ? options.threadCount : 1;
    const threads = new HttpThreads(options, { place, isShared, threadCount });
    try {
      await threads.#startAll();
    } catch (error) {
      await threads.stop(0);
      throw error;
    }
    return threads;
  }

  /** `http://127.0.0.1:8282` */
  get url(): string {
    return urlOf(this.#shared.place);
  }

  get port(): number {
    return this.#shared.place.port;
  }

  /** Threads that serve. */
  get count(): number {
    return this.#serving.size;
  }

  /** Rejects where threads keep ending. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /**
   * Takes no more connections, answers the requests that were taken, and ends the threads. Whatever
   * is not answered after `graceMs` is cut off. May be called more than once.
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const threads = [...this.#serving.keys()];
    await Promise.all([...this.#starting].map((thread) => thread.end("the server stops")));
    // What one thread has taken may move a channel, and the others follow: so none is closed before.
    await Promise.all(threads.map((thread) => thread.stop(graceMs)));
    await Promise.all(threads.map((thread) => thread.close()));
  }

  async #startAll(): Promise<void> {
    const numbers = Array.from({ length: this.#shared.threadCount }, (_, index) => index + 1);
    const threads = numbers.map((number) => this.#createThread(number));
    await Promise.all(threads.map((thread) => this.#prepare(thread)));
    // One after the other: the first finds out the port.
    for (const thread of threads) await this.#serve(thread);
  }

  #createThread(number: number): HttpThread {
    const { module, logger } = this.#options;
    const thread = new HttpThread({
      module,
      data: {
        ...this.#shared,
        number,
        hostNames: this.#options.hostNames,
        crosscheck: this.#options.crosscheck,
        logLevel: logger.level,
        record: this.#options.connectRecord(),
        recordDirectory: this.#options.recordDirectory,
      },
      offer: this.#createOffer(),
    });
    this.#starting.add(thread);
    void thread.ended.then((reason) => this.#replace(thread, reason));
    return thread;
  }

  /** The thread has the revision in force then, and does not serve yet. */
  async #prepare(thread: HttpThread): Promise<void> {
    await thread.start();
    await this.#options.belay.admit(thread);
  }

  async #serve(thread: HttpThread): Promise<void> {
    const { place } = this.#shared;
    const port = await thread.listen(place.port);
    if (!this.#starting.delete(thread)) throw new BelayError("internal", "a new thread has ended");
    this.#shared = { ...this.#shared, place: { ...place, port } };
    this.#serving.set(thread, []);
  }

  async #replace(lost: HttpThread, reason: string): Promise<void> {
    const { belay, logger } = this.#options;
    const readings = this.#serving.get(lost);
    this.#serving.delete(lost);
    this.#starting.delete(lost);
    await belay.dismiss(lost);
    // One that was starting is the business of whoever starts it.
    if (this.#isStopping || readings === undefined) return;
    logger.error({ lost: lost.number, reason }, "a thread has ended");
    this.#counts = await keepCounts([this.#counts, readings]);
    await this.#startAgain(lost.number);
  }

  async #startAgain(number: number): Promise<void> {
    const { logger } = this.#options;
    while (!this.#isStopping && !this.#noteLoss()) {
      const thread = this.#createThread(number);
      try {
        await this.#prepare(thread);
        await this.#serve(thread);
        logger.warn({ started: number }, "a thread has taken its place");
        return;
      } catch (error) {
        logger.error({ err: error }, "a thread did not start");
        await thread.end("it did not start");
      }
    }
  }

  /** Whether there are too many losses to go on. */
  #noteLoss(): boolean {
    const nowMs = performance.now();
    this.#lossesMs = [...this.#lossesMs.filter((ms) => nowMs - ms < lossWindowMs), nowMs];
    if (this.#lossesMs.length <= lossesMax) return false;
    const count = String(this.#lossesMs.length);
    this.#failed.reject(
      new BelayError(
        "internal",
        `threads keep ending: ${count} within a minute; the log has the reasons`,
      ),
    );
    return true;
  }

  #createOffer(): OfferedToThread {
    const { belay } = this.#options;
    return {
      crosscheck: (...args) => belay.crosscheck(...args),
      explain: (...args) => belay.explain(...args),
      publishPack: (...args) => belay.publishPack(...args),
      publishArchive: (...args) => belay.publishArchive(...args),
      promote: (...args) => belay.promote(...args),
      revert: (...args) => belay.revert(...args),
      exposeMetrics: () => this.#exposeMetrics(),
    };
  }

  async #exposeMetrics(): Promise<Exposition> {
    await Promise.all(
      [...this.#serving.keys()].map(async (thread) => {
        const readings = await thread.readMetrics();
        if (readings !== undefined && this.#serving.has(thread)) {
          this.#serving.set(thread, readings);
        }
      }),
    );
    return this.#metrics.expose([this.#counts, ...this.#serving.values()]);
  }
}
