/** @module The entry of a thread that serves HTTP for `belay serve`. */

import { workerData } from "node:worker_threads";
import { destination, pino } from "pino";
import { belayVersion, composeFollowingBelay } from "../compose.ts";
import type { HttpThreadData } from "../http/http-thread.ts";
import { startThreadServer } from "../http/thread-server.ts";

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
