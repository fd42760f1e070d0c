/** @module Random bytes for ids and salts, drawn from the system's generator in blocks. */

import { randomFillSync } from "node:crypto";
import { assert } from "./assert.ts";

/** One call to the generator costs as much for all of these as for sixteen. */
const block = new Uint8Array(4_096);
let usedBytes = block.length;

/** `count` bytes, 1..256, fit for keys. They are the caller's own: no other call has seen them. */
export function drawRandomBytes(count: number): Uint8Array {
  assert(Number.isInteger(count) && count >= 1 && count <= 256, "1 to 256 random bytes are drawn");
  if (usedBytes + count > block.length) {
    randomFillSync(block);
    usedBytes = 0;
  }
  const drawn = block.slice(usedBytes, usedBytes + count);
  // What was given away is not kept here.
  block.fill(0, usedBytes, usedBytes + count);
  usedBytes += count;
  return drawn;
}
