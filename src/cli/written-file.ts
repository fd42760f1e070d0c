/** @module Files that commands write. */

import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { BelayError } from "../base/errors.ts";

/**
 * Whoever reads `path` meanwhile sees the file before or the whole new one.
 * @throws BelayError `file-unreadable`
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new BelayError("file-unreadable", `the file \`${path}\` cannot be written`, { cause });
  }
}
