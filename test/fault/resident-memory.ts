/** @module What a process holds in memory, as Linux tells it. */

import { readFileSync } from "node:fs";
import type { ServerProcess } from "./server-process.ts";

/** Megabytes (10^6); NaN where it cannot be told. */
export function residentMb({ process }: ServerProcess): number {
  try {
    const status = readFileSync(`/proc/${String(process.pid)}/status`, "utf8");
    return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}
