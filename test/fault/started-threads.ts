/** @module Threads that serve HTTP on a record of its own, for tests: real ones, which can be killed. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BroadcastChannel } from "node:worker_threads";
import { pino } from "pino";
import { type ComposedBelay, composeBelay } from "../../src/compose.ts";
import { HttpThreads } from "../../src/http/http-threads.ts";

export interface StartedThreads {
  readonly belay: ComposedBelay;
  readonly threads: HttpThreads;
  readonly url: string;
  readonly directory: string;
  /** Has the thread of this number die of an error that nobody catches. */
  kill(number: number): void;
  close(): Promise<void>;
}

export async function startThreads(threadCount: number): Promise<StartedThreads> {
  const directory = mkdtempSync(join(tmpdir(), "belay-threads-"));
  const belay = await composeBelay({ dataDirectory: directory });
  const threads = await HttpThreads.start({
    belay,
    host: "127.0.0.1",
    port: 0,
    threadCount,
    module: new URL("mortal-thread.ts", import.meta.url),
    recordDirectory: directory,
    connectRecord: () => belay.connectRecord(),
    hostNames: [],
    crosscheck: "off",
    logger: pino({ level: "silent" }),
  });
  const deaths = new BroadcastChannel(`deaths of ${directory}`);
  return {
    belay,
    threads,
    url: threads.url,
    directory,
    kill: (number) => deaths.postMessage(number),
    async close() {
      deaths.close();
      await threads.stop(1_000);
      await belay.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
