/**
 * @module What Node makes of the sources is kept, so that commands and threads start in a quarter of
 * the time, and without the 15 MB that removing types takes in each. It lies beside the dependencies,
 * where only those may write who may change the code itself; where that cannot be written, nothing is
 * kept.
 */

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../node_modules/.cache/belay", import.meta.url));

enableCompileCache(directory);
// Threads that are started take it from here, before they load their first module.
process.env.NODE_COMPILE_CACHE = directory;
