/**
 * @module Loaded before anything else by the npm scripts and by `npx belay`. JavaScript, because a
 * Node too old for Belay cannot read TypeScript and would say so in words that help nobody.
 */

import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const majorMin = Number(/\d+/.exec(manifest.engines.node)[0]);

if (Number.parseInt(process.versions.node, 10) < majorMin) {
  process.stderr.write(
    `belay needs Node ${majorMin} and runs under ${process.version}\n` +
      "`npm ci` brings the right one into node_modules; npm scripts and `npx belay` use it;\n" +
      "run `npm ci` again, without --omit=dev and without --ignore-scripts\n",
  );
  process.exit(2);
}
