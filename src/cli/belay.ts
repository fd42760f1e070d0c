/** @module The entry of the command line: what `bin/belay.js` runs. */

import { runProgram } from "./program.ts";
import { surviveClosedPipes } from "./terminal.ts";

surviveClosedPipes();
await runProgram(process.argv.slice(2));
