/**
 * @module What runs in a thread that serves HTTP: the whole app and a socket of its own, on a port
 * that it shares with the others. What it may not do by itself it asks the thread that started it.
 */

import type { Logger } from "pino";
import { assert } from "../base/assert.ts";
import type { CentralBelay } from "../service/belay.ts";
import type { FollowingBelay } from "../service/create-belay.ts";
import { connectThreads, type Peer } from "../service/thread-calls.ts";
import { createHttpApp } from "./http-app.ts";
import { type RunningHttpServer, startHttpServer } from "./http-server.ts";
import type { HttpThreadData, OfferedByThread, OfferedToThread } from "./http-thread.ts";
import { divideLimits } from "./limits.ts";
import { createThreadMetrics } from "./metrics.ts";

export interface ThreadServerOptions {
  readonly data: HttpThreadData;
  readonly createBelay: (central: CentralBelay) => FollowingBelay;
  readonly version: string;
  readonly logger: Logger;
}

/** Offers what `HttpThread` asks for; nothing is served before it does. */
export function startThreadServer(options: ThreadServerOptions): void {
  const { data, logger } = options;
  const { calls, threadCount, hostNames, place, isShared } = data;
  const limits = divideLimits(threadCount);
  const metrics = createThreadMetrics(String(data.number));
  let server: RunningHttpServer | undefined;

  const peer: Peer<OfferedToThread> = connectThreads<OfferedToThread, OfferedByThread>(calls, {
    start: async () => undefined,
    prepare: (revision) => belay.prepare(revision),
    follow: (revision) => belay.follow(revision),
    async listen(port) {
      assert(server === undefined, "a thread listens once");
      server = await startHttpServer({ app, place: { ...place, port }, isShared, logger, limits });
      return server.port;
    },
    readMetrics: () => metrics.read(),
    async stop(graceMs) {
      await server?.stop(graceMs);
    },
    async close() {
      await belay.close();
      // The answer goes first.
      setImmediate(() => peer.close());
    },
  });

  const belay = options.createBelay(createCentral(peer));
  const app = createHttpApp({
    belay,
    logger,
    metrics,
    exposeMetrics: () => peer.call("exposeMetrics"),
    config: { version: options.version, hostNames, heldBytesMax: limits.heldBytesMax },
  });
}

/** The uses of the thread that leads, over the border. */
function createCentral(peer: Peer<OfferedToThread>): CentralBelay {
  return {
    crosscheck: (...args) => peer.call("crosscheck", ...args),
    explain: (...args) => peer.call("explain", ...args),
    publishPack: (...args) => peer.call("publishPack", ...args),
    publishArchive: (...args) => peer.call("publishArchive", ...args),
    promote: (...args) => peer.call("promote", ...args),
    revert: (...args) => peer.call("revert", ...args),
  };
}
