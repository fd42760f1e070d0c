import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Evaluator } from "./evaluator.ts";
import { createOpaWasmEvaluator } from "./opa-wasm-evaluator.ts";
import type { Toolchain } from "./toolchain/toolchain.ts";
import { createToolchain } from "./toolchain/wasi-toolchain.ts";
import { readJson } from "./value-notation.ts";

const source = `package t

double := input.n * 2

seen := input

limit := data.limits.errors

clock := time.now_ns()

grown contains x if some x in numbers.range(1, input.upto)

large := [text | some _ in numbers.range(1, 1000); text := concat("", [input.text | some _ in numbers.range(1, 1000)])]

which := 1 if input.a

which := 2 if input.b
`;

const names = ["double", "seen", "limit", "clock", "grown", "large", "which"];
const entrypoints = names.map((name) => `t/${name}`);

let toolchain: Toolchain;
let evaluator: Evaluator;

beforeAll(async () => {
  toolchain = createToolchain();
  const compiled = await toolchain.compile({
    files: [{ path: "t.rego", text: source }],
    entrypoints,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  evaluator = createOpaWasmEvaluator(compiled.wasm, { limits: { errors: 3 } });
});

afterAll(() => toolchain.close());

function evaluate(name: string, input: unknown, nowMs = 0): unknown {
  const inputJson = JSON.stringify(input);
  const evaluation = evaluator.evaluate({ entrypoint: `t/${name}`, inputJson, nowMs });
  if (!evaluation.ok || evaluation.result === undefined) return evaluation;
  return { ok: true, result: readJson(evaluation.result) };
}

describe("a compiled policy", () => {
  test("answers an entrypoint from input and data", () => {
    expect(evaluator.entrypoints).toEqual([...entrypoints].sort());
    expect(evaluate("double", { n: 21 })).toEqual({ ok: true, result: 42 });
    expect(evaluate("limit", {})).toEqual({ ok: true, result: 3 });
  });

  test("an undefined document is no error", () => {
    expect(evaluate("double", {})).toEqual({ ok: true, result: undefined });
  });

  test.each([[0], [false], [""], [null], ["ü\u{1F600}\n"]])("sees the input %j", (input) => {
    expect(evaluate("seen", input)).toEqual({ ok: true, result: input });
  });

  test("has one clock, the one it is given, to the millisecond", () => {
    for (const nowMs of [0, 1767225600000, 1795276800123]) {
      const evaluation = evaluate("clock", {}, nowMs);
      expect(evaluation).toEqual({ ok: true, result: nowMs * 1e6 });
    }
  });

  test("a conflict is data, and the next evaluation is untouched by it", () => {
    const conflict = evaluate("which", { a: true, b: true });
    expect(conflict).toMatchObject({ ok: false, code: "conflict" });
    expect(evaluate("which", { a: true })).toEqual({ ok: true, result: 1 });
  });

  test("memory is bounded: what needs more is data, and the next evaluation runs", () => {
    const evaluation = evaluate("large", { text: "x".repeat(1000) });
    expect(evaluation).toMatchObject({ ok: false, code: "limit" });
    expect(evaluate("double", { n: 1 })).toEqual({ ok: true, result: 2 });
  });

  test("the same input gives the same answer, however often", () => {
    const first = evaluate("grown", { upto: 500 });
    for (let i = 0; i < 50; i++) expect(evaluate("grown", { upto: 500 })).toEqual(first);
  });

  test("an entrypoint that is not there is data", () => {
    expect(evaluate("nothing", {})).toMatchObject({ ok: false });
  });
});

test("bytes that are no WASM module are refused", () => {
  expect(() => createOpaWasmEvaluator(new Uint8Array([1, 2, 3]), {})).toThrow(/WebAssembly/);
});
