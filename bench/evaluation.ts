/**
 * @module `node bench/evaluation.ts`: what evaluating the policies of the default bundle costs, all of
 * them together and each by itself, on the request of 30 signals, in this process and without HTTP.
 */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { composeEngine, loadBundleFile } from "../src/compose.ts";
import { answerEntrypoint } from "../src/decision/answer.ts";
import { createAbiEvaluator } from "../src/rego/abi/abi-evaluator.ts";
import { findBuiltin } from "../src/rego/builtins/find-builtin.ts";
import { decideOffline } from "../src/service/decide-offline.ts";
import { describeMachine, type Format, figure, printRows } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    request: { type: "string", default: "bench/request.json" },
    times: { type: "string", default: "2000" },
    markdown: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const format: Format = options.json ? "json" : options.markdown ? "markdown" : "table";
const times = Number(options.times);

const bundle = loadBundleFile();
const raw: unknown = JSON.parse(readFileSync(options.request, "utf8"));
const { inputJson } = decideOffline(composeEngine(bundle), raw, Date.now());
const evaluator = createAbiEvaluator(bundle.wasm, bundle.data, findBuiltin);

const policies = evaluator.entrypoints.filter((name) => name.startsWith("belay/policies/"));
const rows = [answerEntrypoint, ...policies].map(measure);
if (format !== "json") {
  console.log(
    `${describeMachine(undefined)}; input ${figure(inputJson.length / 1_000)} KB, ${times} times`,
  );
}
printRows(rows, format);

function measure(entrypoint: string) {
  const taken: number[] = [];
  let steps = 0;
  for (let at = 0; at < times; at += 1) {
    const startMs = performance.now();
    const evaluated = evaluator.evaluate({ entrypoint, inputJson, nowMs: 0 });
    taken.push(performance.now() - startMs);
    if (!evaluated.ok) throw new Error(`${entrypoint}: ${evaluated.message}`);
    steps = evaluated.steps ?? 0;
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => figure(taken[Math.floor(share * (times - 1))] ?? 0);
  return { entrypoint, steps: figure(steps), "p50 ms": at(0.5), "p99 ms": at(0.99) };
}
