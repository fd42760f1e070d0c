import { expect, test } from "vitest";
import { loadBundleFile } from "../compose.ts";
import { createOpaWasmEvaluator } from "./opa-wasm-evaluator.ts";

// What it answers is in `test/contract/evaluator.test.ts`, beside our own host.
test("opens a module, and names its entrypoints in order", () => {
  const { wasm, data } = loadBundleFile();
  const { entrypoints } = createOpaWasmEvaluator(wasm, data);
  expect(entrypoints).toContain("belay/decision/answer");
  expect(entrypoints).toEqual([...entrypoints].sort());
});
