/** @module The entry of a thread that serves HTTP for `belay serve`. */

import { workerData } from "node:worker_threads";
import type { HttpThreadData } from "../http/http-thread.ts";
import { keepCompiled } from "./compile-cache.ts";

keepCompiled();

const { destination, pino } = await import("pino");
const { belayVersion, composeFollowingBelay } = await import("../compose.ts");
const { startThreadServer } = await import("../http/thread-server.ts");

const data = workerData as HttpThreadData;
const { number, threadCount, logLevel, record, recordDirectory, crosscheck } = data;

startThreadServer({
  data,
  version: belayVersion,
  // Written at once and whole: lines of several threads do not mix.
  logger: pino({ level: logLevel }, destination({ dest: 2, sync: true })).child({ thread: number }),
  createBelay: (central) =>
    composeFollowingBelay(
      { dataDirectory: recordDirectory, record, followerCount: threadCount, crosscheck },
      central,
    ),
});
