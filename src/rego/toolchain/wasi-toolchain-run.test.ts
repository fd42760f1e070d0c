import { afterAll, describe, expect, test } from "vitest";
import { formatNotation, parseNotation } from "../value-notation.ts";
import { burn, file } from "./burn.fixture.ts";
import { createToolchain } from "./wasi-toolchain.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

describe("test", () => {
  const tests = file(
    "burn/policy_test.rego",
    "package burn_test",
    "import data.burn",
    "",
    "test_quiet if burn.answer.count == 0 with input as {}",
    "",
    "test_fast if {",
    '\tprint("rates", [20, 3])',
    '\trows := [{"rate": 20}, {"rate": 3}]',
    '\texpected := {"FAST_BURN"}',
    "\t{f.code | some f in burn.finding} == expected with input.rows as rows",
    "}",
    "",
    "test_limit if data.limit < 10",
    "",
    "test_none if not burn.answer with input as {}",
    "",
    "test_absent if burn.absent.x == 1",
    "",
    "test_case[note] if {",
    '\tsome note, case in {"one": {"n": 1}, "two": {"n": 2}}',
    "\tcase.n == 1",
    "}",
    "",
    "test_error if burn_conflict(1) == 1",
    "",
    "todo_test_later if false",
    "",
    "burn_conflict(_) := 1",
    "",
    "burn_conflict(_) := 2",
  );

  async function runTests(options: { run?: string; coverage?: readonly string[] } = {}) {
    const tested = await toolchain.test({
      files: [tests, burn],
      data: { limit: 14.4 },
      ...options,
    });
    if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
    return tested;
  }

  test("lists every test in the order of the source, with its outcome", async () => {
    const { results } = await runTests();
    const outcomes = results.map((result) => {
      const outcome = result.error ? "error" : result.fail ? "fail" : result.skip ? "skip" : "pass";
      return `${result.location.row} ${result.package}.${result.name} ${outcome}`;
    });
    expect(outcomes).toEqual([
      "4 data.burn_test.test_quiet pass",
      "6 data.burn_test.test_fast fail",
      "13 data.burn_test.test_limit fail",
      "15 data.burn_test.test_none fail",
      "17 data.burn_test.test_absent fail",
      "19 data.burn_test.test_case fail",
      "24 data.burn_test.test_error error",
      "26 data.burn_test.todo_test_later skip",
    ]);
    expect(results[5]?.sub_results).toEqual({
      one: { name: "one" },
      two: { name: "two", fail: true },
    });
    expect(results[6]?.error).toMatchObject({ code: "eval_conflict_error", location: { row: 30 } });
    expect(Buffer.from(results[1]?.output ?? "", "base64").toString()).toBe("rates [20, 3]\n");
  });

  test("shows the expression that failed and what stood in it", async () => {
    const { results } = await runTests({ run: "fast|limit|none|absent|case" });
    const [fast, limit, none, absent, table] = results.map((result) => result.failed_at);
    expect(fast).toEqual({
      file: "burn/policy_test.rego",
      row: 10,
      col: 2,
      text: "{f.code | some f in burn.finding} == expected with input.rows as rows",
      values: [
        { name: "{f.code | some f in burn.finding}", value: '{"FAST_BURN", "SLOW_BURN"}' },
        { name: "expected", value: '{"FAST_BURN"}' },
        { name: "rows", value: '[{"rate": 20}, {"rate": 3}]' },
      ],
    });
    expect(limit).toMatchObject({
      row: 13,
      col: 15,
      values: [{ name: "data.limit", value: "14.4" }],
    });
    expect(none).toMatchObject({
      text: "not burn.answer with input as {}",
      values: [{ name: "burn.answer", value: '{"code": "ANSWER", "count": 0}' }],
    });
    expect(absent?.values).toEqual([{ name: "burn.absent.x", value: "undefined" }]);
    expect(table?.values).toEqual([
      { name: "case", value: '{"n": 2}' },
      { name: "case.n", value: "2" },
    ]);
  });

  test("does not show a value that a `with` further out replaces", async () => {
    const nested = file(
      "a_test.rego",
      "package a_test",
      "test_a if { every x in [1] { not data.v == x } with data.v as 1 }",
    );
    const tested = await toolchain.test({ files: [nested], data: { v: 7 } });
    expect(tested).toMatchObject({ results: [{ failed_at: { values: [{ name: "x" }] } }] });
  });

  test("tells tests of one name apart by their place", async () => {
    const files = [
      file("b_test.rego", "package t", "test_x if 1 == 2", "test_x if 1 == 3"),
      file("a_test.rego", "package t", "test_x if 1 == 4"),
    ];
    const tested = await toolchain.test({ files });
    if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
    expect(tested.results.map((result) => [result.name, result.failed_at?.text])).toEqual([
      ["test_x", "1 == 4"],
      ["test_x#01", "1 == 2"],
      ["test_x#02", "1 == 3"],
    ]);
  });

  test("measures coverage also when tests fail", async () => {
    const { results, coverage } = await runTests({ run: "quiet|limit", coverage: [burn.path] });
    const policy = coverage?.files["burn/policy.rego"];
    expect(results.some((result) => result.fail)).toBe(true);
    expect(policy?.covered?.some((range) => range.start.row === 9)).toBe(true);
    expect(policy?.not_covered?.some((range) => range.start.row === 13)).toBe(true);
    expect(coverage?.coverage).toBeGreaterThan(0);
    expect(coverage?.coverage).toBeLessThan(100);
  });

  test("measures the coverage of the files asked for, and of nothing else", async () => {
    const files = [
      file("a.rego", "package a", "p if input.x == 1", "q if input.x == 1", "q if input.x == 2"),
      file("b.rego", "package b", "p if data.a.p"),
      file("a_test.rego", "package t", "test_p if data.b.p with input.x as 1"),
    ];
    const whole = await toolchain.test({ files, coverage: ["b.rego"] });
    expect(whole).toMatchObject({ coverage: { coverage: 100, covered_lines: 1 } });
    const part = await toolchain.test({ files, coverage: ["b.rego", "a.rego"] });
    if (!part.ok) throw new Error(JSON.stringify(part.diagnostics));
    expect(part.coverage).toMatchObject({ coverage: 50, covered_lines: 2, not_covered_lines: 2 });
    expect(Object.keys(part.coverage?.files ?? {}).toSorted()).toEqual(["a.rego", "b.rego"]);
    const none = await toolchain.test({ files, coverage: [] });
    expect(none).toMatchObject({ coverage: { coverage: 100, files: {} } });
  });

  test("says of a line that was not reached that the rule index left it out", async () => {
    const files = [
      file("a.rego", "package a", 'p := 1 if input.x == "a"', 'p := 2 if input.x == "b"'),
      file("a_test.rego", "package t", 'test_p if data.a.p == 1 with input.x as "a"'),
    ];
    const tested = await toolchain.test({ files, coverage: ["a.rego"] });
    if (!tested.ok) throw new Error(JSON.stringify(tested.diagnostics));
    const notCovered = tested.coverage?.files["a.rego"]?.not_covered ?? [];
    expect(notCovered.map(({ start, kinds }) => [start.row, kinds])).toContainEqual([
      3,
      ["index_excluded"],
    ]);
  });

  test("runs none where the pattern matches none, and refuses one that is malformed", async () => {
    expect((await runTests({ run: "nothing" })).results).toEqual([]);
    const malformed = await toolchain.test({ files: [burn], run: "(" });
    expect(malformed).toMatchObject({ ok: false, diagnostics: [{ code: "pattern_invalid" }] });
  });

  test("refuses refused builtins in tests too", async () => {
    const files = [file("a_test.rego", "package a", "test_x if opa.runtime().env")];
    expect(await toolchain.test({ files })).toMatchObject({
      diagnostics: [{ code: "builtin_refused", file: "a_test.rego", row: 2, col: 11 }],
    });
  });
});

describe("eval", () => {
  test("gives values, bindings and what was printed", async () => {
    const evaluated = await toolchain.eval({
      files: [burn],
      data: { limit: 14.4 },
      input: { rows: [{ rate: 20 }] },
      query: 'x := data.burn.answer.count; print("count", x)',
    });
    expect(evaluated).toEqual({
      ok: true,
      result: [
        {
          expressions: [
            { value: true, text: "x := data.burn.answer.count" },
            { value: true, text: 'print("count", x)' },
          ],
          bindings: { x: 1 },
        },
      ],
      output: "count 1\n",
    });
  });

  test("reads the clock it is given", async () => {
    const query = "time.now_ns() / 1000000";
    const evaluated = await toolchain.eval({ files: [], query, nowMs: 1_767_225_600_123 });
    expect(evaluated).toMatchObject({ result: [{ expressions: [{ value: 1_767_225_600_123 }] }] });
  });

  test("explains itself and measures coverage", async () => {
    const request = { files: [burn], query: "data.burn.answer", input: {}, coverage: true };
    const full = await toolchain.eval({ ...request, explain: "full" });
    const silent = await toolchain.eval(request);
    if (!full.ok || !silent.ok) throw new Error("the evaluation failed");
    expect(full.explanation?.some((line) => /^burn\/policy\.rego:9 .*Enter/.test(line))).toBe(true);
    expect(full.coverage?.files["burn/policy.rego"]?.covered_lines).toBeGreaterThan(0);
    expect(silent.explanation).toBeUndefined();
  });

  test("keeps a long trace within bounds", async () => {
    const evaluated = await toolchain.eval({
      files: [],
      query: "count([i | some i in numbers.range(1, 400); i % 2 == 0])",
      explain: "full",
      traceEventsMax: 500,
    });
    if (!evaluated.ok) throw new Error(JSON.stringify(evaluated.diagnostics));
    expect(evaluated.result[0]?.expressions[0]?.value).toBe(200);
    expect(evaluated.explanation?.at(-1)).toBe("(only the first 500 events are kept)");
  });

  test("answers an undefined query with no solution, and strict errors with their place", async () => {
    const request = { files: [], query: "x := 1 / 0" };
    expect(await toolchain.eval(request)).toMatchObject({ ok: true, result: [] });
    expect(await toolchain.eval({ ...request, strictBuiltinErrors: true })).toMatchObject({
      ok: false,
      diagnostics: [{ code: "eval_builtin_error", row: 1, col: 6 }],
    });
  });

  test("gives values in value notation, which has what JSON lacks", async () => {
    const query = 'input.ids; {input.big, 0.5}; {[1]: null, "\u0001": {}}; {x | x := 1; false}';
    const evaluated = await toolchain.eval({
      files: [],
      query,
      inputTerm: '{"ids": {"b", "a"}, "big": 123456789012345678901}',
      notation: true,
    });
    if (!evaluated.ok) throw new Error(JSON.stringify(evaluated.diagnostics));
    const { expressions } = evaluated.result[0] ?? { expressions: [] };
    expect(expressions.map(({ notation }) => notation)).toEqual([
      '{"a","b"}',
      "{0.5,123456789012345678901}",
      '{"\\u0001":{},[1]:null}',
      "set()",
    ]);
    expect(expressions[0]?.value).toEqual(["a", "b"]);
    expect(
      expressions.map(({ notation }) => formatNotation(parseNotation(notation ?? ""))),
    ).toEqual(expressions.map(({ notation }) => notation));
  });

  test("takes an input term only where it is a value", async () => {
    for (const inputTerm of ["input.x", "[x | x := 1]", "count([])", "x", "{", "1 2"]) {
      const evaluated = await toolchain.eval({ files: [], query: "input", inputTerm });
      expect(evaluated, inputTerm).toMatchObject({ ok: false });
    }
  });

  test("answers each of many inputs, and keeps what fails for one apart", async () => {
    const request = { files: [burn], data: { limit: 2 }, query: "data.burn.answer.count" };
    const inputs = [{ rows: [{ rate: 3 }] }, null, { rows: [] }];
    const answered = await toolchain.evalEach({ ...request, inputs });
    if (!answered.ok) throw new Error(JSON.stringify(answered.diagnostics));
    const counts = answered.results.map((one) => one.ok && one.result[0]?.expressions[0]?.value);
    expect(counts).toEqual([1, 0, 0]);

    const division = { files: [], query: "x := 6 / input", strictBuiltinErrors: true };
    const divided = await toolchain.evalEach({ ...division, inputs: [2, 0, 3] });
    expect(divided).toMatchObject({
      ok: true,
      results: [
        { ok: true, result: [{ bindings: { x: 3 } }] },
        { ok: false, diagnostics: [{ code: "eval_builtin_error", row: 1, col: 6 }] },
        { ok: true, result: [{ bindings: { x: 2 } }] },
      ],
    });
    expect(await toolchain.evalEach({ files: [], query: "nope(1)", inputs: [] })).toMatchObject({
      ok: false,
    });
  });

  test("tells apart sources that differ in their data, or in a single letter", async () => {
    const evaluate = async (text: string, limit: number) => {
      const request = { files: [{ path: "p.rego", text }], data: { limit }, query: "data.p.x" };
      const evaluated = await toolchain.eval(request);
      return evaluated.ok && evaluated.result[0]?.expressions[0]?.value;
    };
    const [a, b] = ["package p\nx := data.limit + 1", "package p\nx := data.limit + 2"];
    const seen = [];
    for (const [text, limit] of [
      [a, 1],
      [b, 1],
      [a, 2],
      [a, 1],
      [b, 2],
      [a, 1],
    ] as const) {
      seen.push(await evaluate(text, limit));
    }
    expect(seen).toEqual([2, 3, 3, 2, 4, 2]);
  });

  test("refuses refused builtins in the query", async () => {
    expect(await toolchain.eval({ files: [], query: "x := 1; http.send({})" })).toMatchObject({
      diagnostics: [{ code: "builtin_refused", file: "", row: 1, col: 9 }],
    });
  });
});
