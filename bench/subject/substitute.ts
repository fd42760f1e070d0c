/**
 * @module `node --import` this: puts another evaluator into Belay, in every thread, by exchanging one
 * module. All else is the server as it is shipped.
 */

import { registerHooks } from "node:module";

const engine = new URL("../../src/service/engine.ts", import.meta.url).href;
const substituted = new URL("./substituted-engine.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isOriginal = resolved.url === engine && context.parentURL !== substituted;
    return isOriginal ? { ...resolved, url: substituted } : resolved;
  },
});
