/** @module What was compiled is kept, so that commands and threads start in a quarter of the time. */

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Keeps what this thread compiles from now on, and uses what was kept: imports that follow are to
 * be dynamic ones. It lies beside the dependencies, where only those may write who may change the
 * code itself. Where that cannot be written, nothing is kept.
 */
export function keepCompiled(): void {
  enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/belay", import.meta.url)));
}
