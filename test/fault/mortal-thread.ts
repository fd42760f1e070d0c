/** @module A thread that serves HTTP, and dies of an uncaught error when it is told to. */

import { BroadcastChannel, workerData } from "node:worker_threads";
import type { HttpThreadData } from "../../src/http/http-thread.ts";

const { number, recordDirectory } = workerData as HttpThreadData;
const deaths = new BroadcastChannel(`deaths of ${recordDirectory}`);
deaths.unref();
deaths.addEventListener("message", (event) => {
  if ((event as Event & { readonly data: unknown }).data === number) throw new Error("told to die");
});

await import("../../src/cli/serve-thread.ts");
