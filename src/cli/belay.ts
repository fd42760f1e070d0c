/** @module The entry of the command line: `bin/belay.js` comes here, and so does `node src/cli/belay.ts`. */

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { surviveClosedPipes } from "./terminal.ts";

// Reading TypeScript takes three quarters of a short command; what was read is kept beside the
// dependencies, where only those may write who may change the code itself. Where that cannot be
// written, nothing is kept.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/belay", import.meta.url)));
surviveClosedPipes();

const { runProgram } = await import("./program.ts");
await runProgram(process.argv.slice(2));
