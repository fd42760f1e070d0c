import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltinError, BuiltinLimit, type FindBuiltin } from "../builtins/builtin.ts";
import type { Evaluation, Evaluator } from "../evaluator.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";
import { createToolchain } from "../toolchain/wasi-toolchain.ts";
import { createAbiEvaluator } from "./abi-evaluator.ts";
import { PolicyAbort, PolicyInstance } from "./policy-instance.ts";
import { evaluationLimits } from "./policy-runner.ts";

const source = `package t

same := input

spin := count([1 | some a in numbers.range(1, 9000); some b in numbers.range(1, 9000); a == b + 9001])

grow := [text | some a in numbers.range(1, 9000); text := concat("", [input.text, format_int(a, 10)])]

matched if regex.match(input.pattern, "aaaa")

asked := hex.encode(input.text)

asked_often := count([1 | some a in numbers.range(1000, 1999); hex.encode(format_int(a, 10))])

printed if print("n is", input.n, {1, "a"})
`;

const names = ["same", "spin", "grow", "matched", "asked", "asked_often", "printed"];
let toolchain: Toolchain;
let wasm: Uint8Array;
let evaluator: Evaluator;

/** `hex.encode` that answers the length of what it is given, and fails on demand. */
const findBuiltin: FindBuiltin = (name) => {
  if (name !== "hex.encode") return undefined;
  return ([text = new Uint8Array()]) => {
    if (text.length === 3) throw new BuiltinError("hex.encode: one letter is not enough");
    if (text.length === 4) throw new BuiltinLimit("hex.encode: two letters are too many");
    return new TextEncoder().encode(String(text.length));
  };
};

beforeAll(async () => {
  toolchain = createToolchain();
  const compiled = await toolchain.compile({
    files: [{ path: "t.rego", text: source }],
    entrypoints: names.map((name) => `t/${name}`),
    print: true,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  wasm = compiled.wasm;
  evaluator = createAbiEvaluator(wasm, {}, findBuiltin);
});

afterAll(() => toolchain.close());

function evaluate(name: string, input: unknown = {}, strictBuiltinErrors = false): Evaluation {
  const inputJson = JSON.stringify(input);
  return evaluator.evaluate({ entrypoint: `t/${name}`, inputJson, nowMs: 0, strictBuiltinErrors });
}

function stepsOf(evaluation: Evaluation): number {
  return evaluation.ok ? (evaluation.steps ?? 0) : -1;
}

describe("steps", () => {
  test("are the same on a fresh instance, after others, and after one that was stopped", () => {
    const input = { pattern: "(a+)+b?", text: "x" };
    const fresh = createAbiEvaluator(wasm, {}, findBuiltin);
    const first = stepsOf(
      fresh.evaluate({ entrypoint: "t/matched", inputJson: JSON.stringify(input), nowMs: 0 }),
    );
    expect(first).toBeGreaterThan(100);
    expect(stepsOf(evaluate("matched", input))).toBe(first);
    evaluate("same", { a: "x".repeat(100_000) });
    expect(stepsOf(evaluate("matched", input))).toBe(first);
    expect(evaluate("spin")).toMatchObject({ ok: false, code: "limit" });
    expect(stepsOf(evaluate("matched", input))).toBe(first);
  });

  test("that are spent end the evaluation, and say so", () => {
    const { stepsMax } = evaluationLimits;
    expect(evaluate("spin")).toEqual({
      ok: false,
      code: "limit",
      message: `the evaluation spent its ${stepsMax} steps: a rule runs too long, or without end`,
    });
  });

  test("are charged for what a host builtin is given", () => {
    const short = stepsOf(evaluate("asked", { text: "abc" }));
    const long = stepsOf(evaluate("asked", { text: "a".repeat(1_003) }));
    expect(long - short).toBeGreaterThan(1_000);
    expect(stepsOf(evaluate("asked_often"))).toBeGreaterThan(100_000);
  });
});

test("memory that is spent ends the evaluation, and the next one has all of it again", () => {
  for (let again = 0; again < 3; again += 1) {
    expect(evaluate("grow", { text: "x".repeat(20_000) })).toEqual({
      ok: false,
      code: "limit",
      message: "the evaluation needed more than its 64 MiB of memory",
    });
    expect(evaluate("same", [again])).toMatchObject({ ok: true, result: `[${again}]` });
  }
});

describe("a host builtin", () => {
  test("answers in value notation", () => {
    expect(evaluate("asked", { text: "abc" })).toMatchObject({ ok: true, result: "5" });
  });

  test("that fails leaves its expression undefined, or ends a strict evaluation", () => {
    expect(evaluate("asked", { text: "a" })).toMatchObject({ ok: true, result: undefined });
    const message = "hex.encode: one letter is not enough";
    expect(evaluate("asked", { text: "a" }, true)).toEqual({ ok: false, code: "builtin", message });
  });

  test("that meets a bound ends the evaluation either way", () => {
    const message = "hex.encode: two letters are too many";
    expect(evaluate("asked", { text: "ab" })).toEqual({ ok: false, code: "limit", message });
    expect(evaluate("asked", { text: "ab" }, true)).toMatchObject({ code: "limit", message });
    expect(evaluate("asked", { text: "abc" })).toMatchObject({ ok: true });
  });

  test("that there is not is found out before anything is evaluated", () => {
    expect(() => createAbiEvaluator(wasm, {}, () => undefined)).toThrow(/`hex\.encode`/);
  });
});

test("what is printed belongs to the evaluation that printed it", () => {
  expect(evaluate("printed", { n: 1 })).toMatchObject({ printed: ['n is 1 {1, "a"}'] });
  expect(evaluate("printed")).toMatchObject({ printed: ['n is <undefined> {1, "a"}'] });
  expect(evaluate("same")).toMatchObject({ printed: [] });
});

test("bytes that are no module, and a module that is no policy, are refused", () => {
  expect(() => createAbiEvaluator(Uint8Array.of(1, 2, 3), {}, findBuiltin)).toThrow(
    "not a WebAssembly module",
  );
  const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  expect(() => createAbiEvaluator(empty, {}, findBuiltin)).toThrow("no globals");
});

test("an instance throws what the module says when it aborts", () => {
  const memory = new WebAssembly.Memory({ initial: 1024, maximum: 1024 });
  const instance = new PolicyInstance({
    module: new WebAssembly.Module(Uint8Array.from(wasm)),
    memory,
    dataJson: "{}",
    builtinOf: () => () => undefined,
    onBuiltin: () => undefined,
  });
  expect(() => instance.evaluate(99, "{}", { nowMs: 0 }, false)).toThrow(PolicyAbort);
});
