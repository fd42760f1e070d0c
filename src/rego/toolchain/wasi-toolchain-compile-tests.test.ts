import { afterAll, describe, expect, test } from "vitest";
import { createAbiEvaluator } from "../abi/abi-evaluator.ts";
import { readJson } from "../value-notation.ts";
import { burn, file } from "./burn.fixture.ts";
import type { CompileTestsRequest, SourceFile } from "./toolchain.ts";
import { createToolchain } from "./wasi-toolchain.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

async function compileTests(request: CompileTestsRequest) {
  const compiled = await toolchain.compileTests(request);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled;
}

/** The document of each test as WebAssembly, by its name. */
async function evaluateTests(request: CompileTestsRequest) {
  const { wasm, tests } = await compileTests(request);
  if (wasm === undefined) throw new Error(JSON.stringify(tests));
  const evaluator = createAbiEvaluator(wasm, request.data ?? {}, () => undefined);
  return Object.fromEntries(
    tests.map(({ name, entrypoint = "" }) => {
      const evaluated = evaluator.evaluate({ entrypoint, inputJson: "", nowMs: 0 });
      if (!evaluated.ok) return [name, evaluated.code];
      return [name, evaluated.result === undefined ? undefined : readJson(evaluated.result)];
    }),
  );
}

/** The policy with tests of it. */
function burnWithTests(...tests: readonly string[]): readonly SourceFile[] {
  return [burn, file("burn_test.rego", "package burn_test", "import data.burn", ...tests)];
}

describe("compileTests", () => {
  test("what one call does to sources is not there for the next", async () => {
    const files = burnWithTests(
      "test_same if burn.answer.count == 0 with input as {}",
      "test_same if burn.answer.count == 1 with input as {}",
    );
    const changed = burnWithTests("test_other if burn.answer.count == 0 with input as {}");
    const namesOf = async (asked: typeof files) => {
      const { tests } = await compileTests({ files: asked });
      const tested = await toolchain.test({ files: asked });
      if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
      expect(tested.results.map(({ name }) => name)).toEqual(tests.map(({ name }) => name));
      return tested.results.map(({ name, fail }) => (fail ? `${name} fails` : name));
    };
    for (let time = 0; time < 3; time += 1) {
      expect(await namesOf(files)).toEqual(["test_same", "test_same#01 fails"]);
      expect(await namesOf(changed)).toEqual(["test_other"]);
    }
  });

  test("sources that are wrong are refused with all that is wrong", async () => {
    const files = [
      file("a.rego", "package a", "p if q(1)", "r if u(1)", "t if opa.runtime().env"),
      file("a_test.rego", "package a_test", "test_p if data.a.p"),
    ];
    const expected = { diagnostics: [{ row: 2 }, { row: 3 }, { row: 4, code: "builtin_refused" }] };
    expect(await toolchain.compileTests({ files })).toMatchObject(expected);
    expect(await toolchain.test({ files })).toMatchObject(expected);
    const unrefused = files.map(({ path, text }) => ({ path, text: text.replace(/t if.*/, "") }));
    const undefinedOnes = { diagnostics: [{ row: 2 }, { row: 3 }] };
    expect(await toolchain.compileTests({ files: unrefused })).toMatchObject(undefinedOnes);
    expect(await toolchain.test({ files: unrefused })).toMatchObject(undefinedOnes);
  });

  test("makes each test a document of its own, and leaves out those that are skipped", async () => {
    const files = burnWithTests(
      "test_quiet if burn.answer.count == 0 with input as {}",
      "test_limit if burn.answer.count == 1 with input.rows as [{`rate`: 3}] with data.limit as 5",
      "test_same if data.limit == 14.4",
      "test_same if data.limit == 15",
      'test_case[note] := wanted == note if some note, wanted in {"one": "one", "two": "2"}',
      "nested.test_deep if not input",
      "test_twice := n if some n in [true, false]",
      "todo_test_later if false",
    );
    expect(await evaluateTests({ files, data: { limit: 14.4 } })).toEqual({
      test_quiet: true,
      test_limit: true,
      test_same: true,
      "test_same#01": undefined,
      test_case: { one: true, two: false },
      "nested.test_deep": true,
      test_twice: "conflict",
    });
  });

  test("gives places, names and tables as `test` does", async () => {
    const files = [
      file("b_test.rego", "package t", "test_x if true", "test_x if false"),
      file("a_test.rego", "package t", "test_x if true", "test_t[n] if some n in [`a`]"),
    ];
    const { tests } = await compileTests({ files });
    const tested = await toolchain.test({ files });
    if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
    const names = ({ location: { file: path, row }, name }: (typeof tests)[0]) =>
      `${path}:${row} ${name}`;
    expect(tests.map(names)).toEqual(tested.results.map((result) => names(result as never)));
    expect(tests.filter(({ isTable }) => isTable).map(({ name }) => name)).toEqual(["test_t"]);
  });

  test("keeps functions where a `with` replaces the document around them", async () => {
    const files = [
      file(
        "lib.rego",
        "package lib.settings",
        "double(x) := x * 2",
        "limit := data.lib.settings.n",
      ),
      file("p.rego", "package p", "import data.lib.settings", "x := settings.double(settings.n)"),
      file(
        "p_test.rego",
        "package p_test",
        "test_replaced if data.p.x == 6 with data.lib.settings as {`n`: 3}",
        "test_mocked if data.p.x == 9 with data.lib.settings as {`n`: 3} with data.lib.settings.double as triple",
        "test_gone if not data.lib.settings.limit with data.lib.settings as {}",
        "triple(x) := x * 3",
      ),
    ];
    expect(await evaluateTests({ files, data: {} })).toEqual({
      test_replaced: true,
      test_mocked: true,
      test_gone: true,
    });
    expect(await toolchain.test({ files })).toMatchObject({
      results: [{ name: "test_replaced" }, { name: "test_mocked" }, { name: "test_gone" }],
    });
  });

  test("compiles the tests that match, and nothing where none does", async () => {
    const files = [file("a_test.rego", "package a", "test_x if true", "test_y if true")];
    const { tests } = await compileTests({ files, run: "test_y" });
    expect(tests.map(({ name }) => name)).toEqual(["test_y"]);
    expect(await toolchain.compileTests({ files, run: "nothing" })).toEqual({
      ok: true,
      tests: [],
    });
    expect(await toolchain.compileTests({ files, run: "(" })).toMatchObject({
      diagnostics: [{ code: "pattern_invalid" }],
    });
  });

  test("says which tests cannot be compiled and why, and compiles the others", async () => {
    const files = [
      file("a_test.rego", "package a", "test_x if true"),
      file("b_test.rego", 'package b["c/d"]', "test_y if true"),
    ];
    const { wasm, tests } = await compileTests({ files });
    expect(wasm).toBeDefined();
    expect(tests).toMatchObject([
      { name: "test_x", entrypoint: "a/test_x" },
      { name: "test_y", problem: expect.stringContaining("cannot be compiled: a `/`") as string },
    ]);
    expect(tests[1]).not.toHaveProperty("entrypoint");
    const { wasm: none } = await compileTests({ files, run: "test_y" });
    expect(none).toBeUndefined();
  });

  test("refuses what does not compile at all", async () => {
    const files = [file("a_test.rego", "package a", "test_x if nope(1)")];
    expect(await toolchain.compileTests({ files })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "rego_type_error", file: "a_test.rego", row: 2 }],
    });
  });
});

test("compile keeps `print` where it is asked to", async () => {
  const files = [file("a.rego", "package a", 'x := 1 if print("seen", input.n)')];
  const printed = async (print: boolean) => {
    const compiled = await toolchain.compile({ files, entrypoints: ["a/x"], print });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
    const evaluator = createAbiEvaluator(compiled.wasm, {}, () => undefined);
    return evaluator.evaluate({ entrypoint: "a/x", inputJson: '{"n":7}', nowMs: 0 });
  };
  expect(await printed(true)).toMatchObject({ ok: true, result: "1", printed: ["seen 7"] });
  expect(await printed(false)).toMatchObject({ ok: true, result: "1", printed: [] });
});
