import { afterAll, describe, expect, test } from "vitest";
import { shareToolchain } from "../compose.ts";
import { createAbiEvaluator } from "../rego/abi/abi-evaluator.ts";
import type { Evaluation } from "../rego/evaluator.ts";
import { runCompiledTests } from "./compiled-tests.ts";
import type { CreateEvaluator } from "./engine.ts";

const createEvaluator: CreateEvaluator = (wasm, data) =>
  createAbiEvaluator(wasm, data, () => undefined);

const toolchain = shareToolchain();
afterAll(() => toolchain.close());

const text = [
  "package t",
  "test_good if input.x == 1 with input as {`x`: 1}",
  "test_bad if data.n == 2",
  "test_twice := n if some n in [true, false]",
  "test_table[name] := passes if some name, passes in {`a`: true, `b`: false}",
  "test_nested[outer][inner] if { some outer in [`x`, `y`]; some inner in [`z`]; outer == `x` }",
  "test_empty[name] if some name in []",
  "todo_test_later if false",
].join("\n");
const sources = { files: [{ path: "t_test.rego", text }], data: { n: 1 } };

// What lies is the evaluator: what it is asked of is the same every time.
const tested = await toolchain.test(sources);
const compiledOnce = await toolchain.compileTests(sources);
const frozen = { ...toolchain, compileTests: () => Promise.resolve(compiledOnce) };

async function run(createdBy: CreateEvaluator = createEvaluator) {
  if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
  const { results } = tested;
  const dependencies = { toolchain: frozen, createEvaluator: createdBy };
  const request = { sources, results, ...dependencies, nowMs: 1_000 };
  const compiled = await runCompiledTests(request);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return Object.fromEntries(compiled.results.map(({ name, wasm }) => [name, wasm]));
}

/** An evaluator that answers as the true one does, but for one test. */
function lyingAbout(name: string, lie: Evaluation): CreateEvaluator {
  return (wasm, data) => {
    const evaluator = createEvaluator(wasm, data);
    return {
      ...evaluator,
      evaluate: (request) =>
        request.entrypoint === `t/${name}` ? lie : evaluator.evaluate(request),
    };
  };
}

describe("runCompiledTests", () => {
  test("finds no difference where there is none: passed, failed, in error, a table, skipped", async () => {
    const outcomes = await run();
    expect(Object.keys(outcomes)).toHaveLength(7);
    expect(Object.values(outcomes).every((wasm) => wasm === undefined)).toBe(true);
  });

  test.each([
    ["test_good", { ok: true, result: undefined }, "fail", "it is false or undefined"],
    ["test_good", { ok: true, result: "1" }, "fail", "it is false or undefined"],
    ["test_good", { ok: false, code: "limit", message: "too long" }, "error", "too long"],
    ["test_bad", { ok: true, result: "true" }, "pass", "it passes"],
    ["test_twice", { ok: true, result: "true" }, "pass", "it passes"],
    ["test_twice", { ok: true, result: undefined }, "fail", "it is false or undefined"],
    ["test_table", { ok: true, result: "{}" }, "fail", "case `a` is false or undefined"],
    ["test_table", { ok: true, result: '{"a":true,"b":true}' }, "pass", "case `b` passes"],
    ["test_nested", { ok: true, result: "{}" }, "fail", "case `x`/`z` is false or undefined"],
    ["test_empty", { ok: true, result: '{"n":true}' }, "pass", "case `n` passes"],
  ] as const)("%s that gives %j differs", async (name, lie, outcome, message) => {
    const outcomes = await run(lyingAbout(name, lie));
    expect(outcomes[name]).toEqual({ outcome, message });
    const others = Object.entries(outcomes).filter(([other]) => other !== name);
    expect(others.every(([, wasm]) => wasm === undefined)).toBe(true);
  });

  test("says why a test cannot be compiled, and asks nothing where all are skipped", async () => {
    const files = [{ path: "s_test.rego", text: 'package s["a/b"]\ntest_x if true' }];
    const tested = await toolchain.test({ files });
    if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
    const { results } = tested;
    const request = { sources: { files }, results, toolchain, createEvaluator, nowMs: 1_000 };
    const compiled = await runCompiledTests(request);
    expect(compiled).toMatchObject({
      results: [
        { wasm: { outcome: "error", message: expect.stringMatching(/cannot be compiled/) } },
      ],
    });
    const none = await runCompiledTests({ ...request, results: [] });
    expect(none).toEqual({ ok: true, results: [] });
  });
});
