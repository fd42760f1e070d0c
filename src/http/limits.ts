/** @module Every bound of the HTTP face in one place. docs/http-api.md states the same numbers. */

import { type JsonLimits, jsonLimits } from "../base/json-text.ts";

const mebibyte = 1024 * 1024;

/** Answers of a metrics provider: one range of one series has up to 11,000 points. */
const snapshotLimits: JsonLimits = { bytesMax: 4 * mebibyte, depthMax: 64, nodesMax: 200_000 };

/** A pack is a short list of long texts. */
const packLimits: JsonLimits = { bytesMax: 16 * mebibyte, depthMax: 4, nodesMax: 8_000 };

export const httpLimits = {
  /** Decisions, replays, promotions. */
  json: jsonLimits,
  snapshot: snapshotLimits,
  pack: packLimits,
  archiveBytesMax: 16 * mebibyte,
  /** All bodies that are held at one time, of all threads. */
  heldBytesMax: 256 * mebibyte,
  /** A thread's part of that is no less, so that it can take the largest bodies whatever comes. */
  threadHeldBytesMin: 64 * mebibyte,
  /** Time for the head of a request, and for all of it. */
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  headerBytesMax: 16 * 1024,
  /** Of all threads. */
  connectionsMax: 4_096,
  /** Decisions on one page of a listing. */
  pageLengthMax: 200,
  pageLengthDefault: 50,
  idempotencyKeyLengthMax: 200,
} as const;

/** What one of `threads` threads gets of what is bounded for the process. */
export function divideLimits(threads: number): {
  readonly heldBytesMax: number;
  readonly connectionsMax: number;
} {
  const { heldBytesMax, threadHeldBytesMin, connectionsMax } = httpLimits;
  return {
    heldBytesMax: Math.max(threadHeldBytesMin, Math.floor(heldBytesMax / threads)),
    connectionsMax: Math.ceil(connectionsMax / threads),
  };
}
