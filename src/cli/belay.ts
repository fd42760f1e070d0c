/** @module The entry of the command line: `bin/belay.js` comes here, and so does `node src/cli/belay.ts`. */

import { keepCompiled } from "./compile-cache.ts";
import { surviveClosedPipes } from "./terminal.ts";

keepCompiled();
surviveClosedPipes();

const { runProgram } = await import("./program.ts");
await runProgram(process.argv.slice(2));
