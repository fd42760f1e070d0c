#!/usr/bin/env -S node --max-semi-space-size=2
/** @module What `npx belay` runs. JavaScript, so that a Node too old for TypeScript says what it lacks. */

import "../scripts/require-node.js";

// Not before that has looked: an import statement would be followed first.
await import("../scripts/keep-compiled.js");
await import("../src/cli/belay.ts");
