/** @module Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time they were made. */

import { v7 } from "uuid";
import { drawRandomBytes } from "./random-bytes.ts";

/** A new id whose time part is `nowMs` (epoch milliseconds). */
export function createId(nowMs: number): string {
  return v7({ msecs: nowMs, random: drawRandomBytes(16) });
}
