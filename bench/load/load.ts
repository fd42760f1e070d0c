/** @module One round of load: a process of its own that asks, and what it saw. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface LoadPlan {
  readonly port: number;
  readonly path: string;
  /** Holds the body of every question. */
  readonly bodyFile: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What asking cost, CPU time of the asking process. */
  readonly clientUsPerAnswer: number;
}

const client = fileURLToPath(new URL("./client.ts", import.meta.url));
const run = promisify(execFile);

/** @throws Error where an answer is not 200, or a connection ends early */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const { stdout } = await run(process.execPath, [client, JSON.stringify(plan)]);
  return JSON.parse(stdout) as LoadResult;
}
