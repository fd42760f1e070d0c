/**
 * @module Commitments: what a leaf says of a body without saying it. Without the salt, which lies
 * in the body and is erased with it, nobody can test a guess at a small or likely text.
 */

import { createHmac } from "node:crypto";
import { assert } from "../base/assert.ts";
import { drawRandomBytes } from "../base/random-bytes.ts";

const hex32Bytes = /^[0-9a-f]{64}$/;

/** 32 random bytes as 64 hex digits. A body has one of its own. */
export function createSalt(): string {
  return Buffer.from(drawRandomBytes(32)).toString("hex");
}

/** `hex(HMAC-SHA256(salt, text))`, the salt as its 32 bytes and the text in UTF-8. */
export function createCommitment(salt: string, text: string): string {
  assert(hex32Bytes.test(salt), "a salt is 64 hex digits");
  // Node takes a key as text several times faster than the same key as a Buffer.
  return createHmac("sha256", salt, { encoding: "hex" }).update(text).digest("hex");
}

/** Whether `commitment` was made from this salt and text; false, too, for a malformed salt. */
export function verifyCommitment(commitment: string, salt: string, text: string): boolean {
  return hex32Bytes.test(salt) && createCommitment(salt, text) === commitment;
}
