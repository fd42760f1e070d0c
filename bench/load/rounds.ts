/**
 * @module Rounds of load, interleaved: each server in turn, and all of them again, so that a machine
 * that drifts drifts for all. What is kept of each is the median of its rounds.
 */

import { type LoadResult, runLoad } from "./load.ts";

/** A server as it is loaded. */
export interface Loaded {
  readonly port: number;
  readonly path: string;
  readonly bodyFile: string;
  residentBytes(): number;
}

export interface RoundsPlan {
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Of load before the first round, for each server: just-in-time compilers need it. */
  readonly warmUpSeconds: number;
}

export interface Measured {
  readonly perSecond: number;
  /** Of each round: what was measured in the same one can be compared, whatever the machine did. */
  readonly perSecondOfRounds: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The most that was seen during its rounds. */
  readonly residentMb: number;
  readonly clientUsPerAnswer: number;
}

const residentSampleMs = 100;

/** What was measured of each of `servers`, in their order. */
export async function measureInRounds(
  servers: readonly Loaded[],
  plan: RoundsPlan,
): Promise<Measured[]> {
  const kept = servers.map(() => ({ results: [] as LoadResult[], residentBytes: 0 }));
  for (const server of servers) await loadFor(server, plan, plan.warmUpSeconds);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [index, server] of servers.entries()) {
      const own = kept[index];
      if (own === undefined) continue;
      const sampling = setInterval(() => {
        own.residentBytes = Math.max(own.residentBytes, server.residentBytes());
      }, residentSampleMs);
      try {
        own.results.push(await loadFor(server, plan, plan.seconds));
      } finally {
        clearInterval(sampling);
      }
    }
  }
  return kept.map(({ results, residentBytes }) => ({
    perSecond: median(results.map((result) => result.perSecond)),
    perSecondOfRounds: results.map((result) => result.perSecond),
    p50Ms: median(results.map((result) => result.p50Ms)),
    p99Ms: median(results.map((result) => result.p99Ms)),
    residentMb: residentBytes / 1e6,
    clientUsPerAnswer: median(results.map((result) => result.clientUsPerAnswer)),
  }));
}

function loadFor(server: Loaded, { connections }: RoundsPlan, seconds: number) {
  const { port, path, bodyFile } = server;
  return runLoad({ port, path, bodyFile, connections, seconds });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
