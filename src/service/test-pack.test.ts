import { afterAll, expect, test } from "vitest";
import { createAbiEvaluator } from "../rego/abi/abi-evaluator.ts";
import { createToolchain } from "../rego/toolchain/wasi-toolchain.ts";
import { summariseTests, testSources } from "./test-pack.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

const files = [
  { path: "a.rego", text: "package a\n\np if input.x == 1\n\nq if input.x == 2\n" },
  { path: "a_test.rego", text: "package a_test\n\ntest_p if data.a.p with input.x as 1\n" },
];

function run(options: { readonly coverage?: boolean; onProgress?: (doing: string) => void }) {
  const createEvaluator = (wasm: Uint8Array, data: Parameters<typeof createAbiEvaluator>[1]) =>
    createAbiEvaluator(wasm, data, () => undefined);
  return testSources({ files }, files, { toolchain, createEvaluator, ...options });
}

test("whoever waits is told what is being done", async () => {
  const told: string[] = [];
  const tested = await run({ onProgress: (doing) => told.push(doing) });
  expect(tested).toMatchObject({ ok: true, results: [{ name: "test_p" }] });
  expect(told).toEqual(["running the tests", expect.stringContaining("as WebAssembly")]);
});

test("coverage is of rules, not of the tests that reach them", async () => {
  const tested = await run({ coverage: true });
  if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
  const { coverage, passed } = summariseTests(tested, []);
  expect(passed).toBe(1);
  expect(Object.keys(coverage?.files ?? {})).toEqual(["a.rego"]);
  expect(coverage).toMatchObject({ covered_lines: 1, not_covered_lines: 1, coverage: 50 });
});
