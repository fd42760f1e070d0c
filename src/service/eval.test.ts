import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonValue } from "../base/json.ts";
import { createAbiEvaluator } from "../rego/abi/abi-evaluator.ts";
import { createToolchain } from "../rego/toolchain/wasi-toolchain.ts";
import { type EvalEngine, type EvalRequest, evaluate } from "./eval.ts";
import { loadSources } from "./eval-sources.ts";

const rego = `package a

s := {3, 1, 2}

f(x) := x + 1

p contains y if {
	some y in input.xs
	y > data.limits.most
	print("y is", y)
}

c := 1 if input.xs

c := 2 if input.xs

now := time.now_ns()

bad := 1 / input.zero
`;

const toolchain = createToolchain();
afterAll(() => toolchain.close());

const deps = {
  toolchain,
  createEvaluator: (wasm: Uint8Array, data: Parameters<typeof createAbiEvaluator>[1]) =>
    createAbiEvaluator(wasm, data, (name) =>
      name === "time.now_ns" ? (_args, { nowMs }) => Buffer.from(`${nowMs}000000`) : undefined,
    ),
};

const sources = {
  files: [{ path: "a.rego", text: rego }],
  data: { limits: { most: 1 } },
};

function ask(query: string, options: Partial<EvalRequest> = {}) {
  const input: JsonValue = { xs: [1, 2, 3], zero: 0 };
  return evaluate(deps, { query, sources, input, nowMs: 1_700_000_000_000, ...options });
}

async function value(query: string, options: Partial<EvalRequest> = {}) {
  const answer = await ask(query, options);
  return answer.ok ? answer.solutions.map(({ expressions }) => expressions[0]?.value) : answer;
}

const engines: readonly EvalEngine[] = ["wasm", "topdown", "both"];

describe.each(engines)("by %s", (engine) => {
  test.each<[string, readonly unknown[]]>([
    ["data.a.s", [[1, 2, 3]]],
    ["a/s", [[1, 2, 3]]],
    ["a/p", [[2, 3]]],
    ["data.limits", [{ most: 1 }]],
    ["count(data.a.p) + data.a.f(1)", [4]],
    ["1 == 2", [false]],
    ["[x | some x in data.a.s; x > 1]", [[2, 3]]],
    ["data.a.now", [1_700_000_000_000_000_000]],
    ["data.a.nope", []],
    ["data.a.bad", []],
    ["data.nope", []],
  ])("%s", async (query, values) => {
    const answer = await ask(query, { engine });
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ok && answer.difference).toBeFalsy();
    expect(await value(query, { engine })).toEqual(values);
  });

  test("no input leaves `input` undefined, and null is null", async () => {
    const request = { query: "input", sources, nowMs: 0, engine };
    expect(await evaluate(deps, request)).toMatchObject({ ok: true, solutions: [] });
    expect(await value("input", { engine, input: null })).toEqual([null]);
  });

  test("what fails is said with its kind", async () => {
    expect(await ask("data.a.c", { engine })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "eval_conflict_error", file: "a.rego", col: 1 }],
    });
    expect(await ask("data.a.bad", { engine, strictBuiltinErrors: true })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "eval_builtin_error" }],
    });
  });

  test("a query that is wrong is said with its place", async () => {
    expect(await ask("1 +", { engine })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "rego_parse_error", file: "query", row: 1, col: 3 }],
    });
  });

  test("a source that is wrong is said with its place", async () => {
    const files = [{ path: "b.rego", text: "package b\n\nx := y\n" }];
    expect(await ask("data.b.x", { engine, sources: { files, data: {} } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "rego_unsafe_var_error", file: "b.rego", row: 3 }],
    });
  });
});

test.each(["x := 1", "data.a.s[x]", "data.a.s[_]", "1; 2", "some x in [1]", "x = 1"])(
  "`%s` is no rule's value: topdown evaluates it, and WebAssembly refuses",
  async (query) => {
    expect(await ask(query)).toMatchObject({ ok: true });
    await expect(ask(query, { engine: "wasm" })).rejects.toThrow("use `--engine topdown`");
  },
);

test("an entrypoint is WebAssembly and any other query topdown, where nothing is said", async () => {
  const none = { ...deps, createEvaluator: () => ({ entrypoints: [], evaluate: () => broken }) };
  const broken = { ok: false, code: "limit", message: "stopped" } as const;
  const request = { sources, input: {}, nowMs: 0 };
  expect(await evaluate(none, { ...request, query: "a/s" })).toMatchObject({
    diagnostics: [{ code: "eval_limit_error", message: "stopped" }],
  });
  expect(await evaluate(none, { ...request, query: "1 + 1" })).toMatchObject({ ok: true });
  expect(await evaluate(none, { ...request, query: "a/s", explain: "full" })).toMatchObject({
    ok: true,
  });
});

test("engines that differ are shown with what each says", async () => {
  const wrong = { ok: true, result: "{1}" } as const;
  const other = { ...deps, createEvaluator: () => ({ entrypoints: [], evaluate: () => wrong }) };
  const request = { query: "data.a.s", sources, nowMs: 0, engine: "both" } as const;
  const answer = await evaluate(other, request);
  expect(answer).toMatchObject({ ok: true, difference: { wasm: "{1}" } });
  expect(answer.ok && answer.solutions[0]?.expressions[0]?.value).toEqual([1, 2, 3]);
});

test.each([
  ["wasm", "."],
  ["topdown", "2."],
  ["both", "2."],
] as const)(
  "by %s, a number that is none is an error of its evaluation alone",
  async (engine, text) => {
    const rules = `package a\n\nn := to_number(input.text)\n\none := 1\n`;
    const request = {
      sources: { files: [{ path: "a.rego", text: rules }], data: {} },
      input: { text },
      nowMs: 0,
      engine,
    };
    const answer = await evaluate(deps, { ...request, query: "data.a.n" });
    expect(answer).toMatchObject({
      diagnostics: [{ code: "eval_error", message: expect.stringContaining("is no document") }],
    });
    expect(await evaluate(deps, { ...request, query: "data.a.one" })).toMatchObject({ ok: true });
  },
);

test("topdown gives bindings, a trace and coverage, and WebAssembly cannot", async () => {
  const answer = await ask("x := data.a.p; count(x) > 1", { explain: "full", coverage: true });
  expect(answer).toMatchObject({
    ok: true,
    solutions: [{ bindings: { x: [2, 3] }, expressions: [{ text: "x := data.a.p" }, {}] }],
    explanation: expect.arrayContaining([expect.stringContaining("Enter data.a.p")]),
    coverage: { files: { "a.rego": {} } },
  });
  expect(answer.ok && answer.printed).toEqual(["y is 2", "y is 3"]);
  await expect(ask("a/s", { engine: "wasm", coverage: true })).rejects.toThrow("only topdown");
});

describe("sources from paths", () => {
  const folder = mkdtempSync(join(tmpdir(), "belay-eval-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const library = [{ path: "belay/l.rego", text: "package belay.l\n" }];
  const load = (...paths: readonly string[]) =>
    loadSources(
      paths.map((path) => path.replace("@", folder)),
      library,
    );

  beforeAll(() => {
    write("plain/a.rego", rego);
    write("plain/limits/most.yaml", "most: 1\n");
    write("plain/numbers.json", '{"pi": 3.0}');
    write("broken/a.json", '{"a": }');
    write("pack/pack.yaml", "name: shop\n");
    write("pack/data.yaml", "belay: {settings: {}}\n");
    write("pack/one/policy.rego", "package belay.policies.one\n");
    write("pack/one/cases/a.yaml", "description: a\n");
    write("bad-pack/pack.yaml", "name: 1\n");
    write("text.txt", "x");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a folder: modules by their path, documents where their folder is", () => {
    const loaded = load("@/plain");
    expect(loaded.ok && loaded.files.map(({ path }) => path)).toEqual([`${folder}/plain/a.rego`]);
    expect(JSON.stringify(loaded.ok && loaded.data)).toBe('{"limits":{"most":1},"pi":3.0}');
  });

  test("files, once each, and at a place of their own", () => {
    const loaded = load("@/plain/a.rego", "@/plain/a.rego", "x.y:@/plain/numbers.json");
    expect(loaded.ok && loaded.files.length).toBe(1);
    expect(JSON.stringify(loaded.ok && loaded.data)).toBe('{"x":{"y":{"pi":3.0}}}');
  });

  test("a pack: the library, its modules, its settings, and not its cases", () => {
    expect(load("@/pack")).toEqual({
      ok: true,
      files: [library[0], { path: `${folder}/pack/one/policy.rego`, text: expect.any(String) }],
      data: { belay: { settings: {} } },
    });
  });

  test.each([
    ["@/plain", "@/plain/numbers.json", "data_error"],
    ["@/broken", "@/plain", "json_error"],
    ["@/bad-pack", "@/plain", "schema_error"],
  ])("%s and %s are refused", (first, second, code) => {
    const loaded = load(first, second);
    expect(!loaded.ok && loaded.diagnostics[0]?.code).toBe(code);
  });

  test.each([
    ["@/nowhere", "cannot be read"],
    ["@/text.txt", "neither Rego nor JSON nor YAML"],
    ["@/pack/one", "is a part of the pack"],
  ])("%s cannot be named", (path, message) => {
    expect(() => load(path)).toThrow(message);
  });
});
