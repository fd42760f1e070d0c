/** @module What a process has used, as Linux tells it; zero where there is no `/proc`. */

import { readFileSync } from "node:fs";

/** Of `utime` and `stime`: the kernel counts in hundredths of a second for every program. */
const ticksPerSecond = 100;

export class ProcessUsage {
  readonly #folder: string;

  constructor(pid: number) {
    this.#folder = `/proc/${String(pid)}`;
  }

  /** Resident memory now, bytes. */
  residentBytes(): number {
    const status = this.#read("status");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
  }

  /** CPU time of all its threads since it began, seconds. */
  cpuSeconds(): number {
    const stat = this.#read("stat");
    // After the name, which may hold anything: `utime` and `stime` are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
  }

  #read(file: string): string {
    try {
      return readFileSync(`${this.#folder}/${file}`, "utf8");
    } catch {
      return "";
    }
  }
}
