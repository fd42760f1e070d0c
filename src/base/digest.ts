/** @module SHA-256, the one hash Belay uses for content. */

import { hash } from "node:crypto";

/** Lower-case hex SHA-256 of UTF-8 text or bytes. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content);
}
