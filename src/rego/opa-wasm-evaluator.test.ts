import { expect, test } from "vitest";
import { loadBundleFile } from "../compose.ts";
import { createOpaWasmEvaluator } from "./opa-wasm-evaluator.ts";

const bundle = loadBundleFile();

test("npm's host answers an entrypoint of the default bundle, and counts no steps", () => {
  const evaluator = createOpaWasmEvaluator(bundle.wasm, bundle.data);
  const entrypoint = "belay/policies/canary_compare/finding";
  expect(evaluator.entrypoints).toContain(entrypoint);
  const evaluation = evaluator.evaluate({ entrypoint, inputJson: "{}", nowMs: 0 });
  expect(evaluation).toEqual({ ok: true, result: expect.stringMatching(/^\[.*\]$/) });
});

test("a document that is not asked for by its entrypoint is no answer", () => {
  const evaluator = createOpaWasmEvaluator(bundle.wasm, bundle.data);
  const evaluation = evaluator.evaluate({ entrypoint: "belay/no", inputJson: "{}", nowMs: 0 });
  expect(evaluation).toEqual({
    ok: false,
    code: "aborted",
    message: "no entrypoint `belay/no`",
  });
});
