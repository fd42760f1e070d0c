/**
 * @module What every evaluator owes, as tests; `src/rego/evaluator.ts` says it in words. Where npm
 * `opa-wasm` is known to do something else, that is what is expected of it: a gap that closes is
 * noticed.
 */

import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Evaluation, EvaluationRequest, Evaluator } from "../../src/rego/evaluator.ts";
import { createToolchain } from "../../src/rego/toolchain/wasi-toolchain.ts";
import { equalValues } from "../../src/rego/value.ts";
import { formatNotation, parseNotation } from "../../src/rego/value-notation.ts";

/** What an implementation is known to do otherwise, by the name of the test. */
export type Gaps = Readonly<Partial<Record<GapName, unknown>>>;

export type GapName =
  | "sets"
  | "sets in the input"
  | "keys of any kind"
  | "big integers"
  | "number literals"
  | "no input"
  | "host builtin error"
  | "strict native builtin"
  | "strict host builtin"
  | "print"
  | "place of a conflict"
  | "steps";

export interface EvaluatorUnderTest {
  readonly name: string;
  readonly create: (wasm: Uint8Array, data: JsonObject) => Evaluator;
  readonly gaps: Gaps;
}

const source = `package t

double := input.n * 2

seen := input

limit := data.limits.errors

clock := time.now_ns()

grown contains x if some x in numbers.range(1, input.upto)

large := [text | some _ in numbers.range(1, 2000); text := concat("", [input.text | some _ in numbers.range(1, 2000)])]

which := 1 if input.a

which := 2 if input.b

words := {"b", "a", input.word}

pairs := {[1, 2]: "list", {1}: "set", 3: "number"}

digits := [9007199254740993, -123456789012345678901234567890, 1.5, 1e2]

literal := input.literal

divided := 1 / input.n

parsed := time.parse_ns("2006-01-02", input.date)

said if print("seen", input.n, {1, 2}, input.absent)

spins if {
	some first, _ in input
	some second, _ in input
	some third, _ in input
	first < second
	second < third
	third < first
}

nested := json.unmarshal(input.text)

picked := {name: value | some name, value in input}
`;

/** Keys whose triples are more than the steps of an evaluation, and few seconds without a bound. */
const spinKeys = 400;

/** In a file whose name is no ASCII. */
const conflicting = `package c

which := "é\u{1F600}" if input.a

which := "ü" if input.b
`;

const names = [...source.matchAll(/^(\w+)(?= :=| contains| if)/gm)].map(([name]) => name);
const entrypoints = [...new Set(names)].map((name) => `t/${name}`);
const conflictEntrypoint = "c/which";

let wasm: Uint8Array;

async function compileSource(): Promise<Uint8Array> {
  const toolchain = createToolchain();
  const compiled = await toolchain.compile({
    files: [
      { path: "t.rego", text: source },
      { path: "größe.rego", text: conflicting },
    ],
    entrypoints: [...entrypoints, conflictEntrypoint],
    print: true,
  });
  await toolchain.close();
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.wasm;
}

/** Runs the suite on evaluators that `create` makes. */
export function describeEvaluator({ name, create, gaps }: EvaluatorUnderTest): void {
  describe(`${name}: the contract of an evaluator`, () => {
    let evaluator: Evaluator;
    beforeAll(async () => {
      wasm ??= await compileSource();
      evaluator = create(wasm, { limits: { errors: 3 } });
    }, 120_000);

    const ask = (rule: string, input: JsonValue, more: Partial<EvaluationRequest> = {}) =>
      evaluator.evaluate({
        entrypoint: `t/${rule}`,
        inputJson: JSON.stringify(input),
        nowMs: 0,
        ...more,
      });
    /** As `value`, or what this implementation is known to give in its place. */
    const owes = (gap: GapName, value: unknown): unknown => (gap in gaps ? gaps[gap] : value);

    describeDocuments(() => evaluator, ask, owes);
    describeErrors(() => evaluator, ask, owes);
    describeBounds(() => create(wasm, { limits: { errors: 3 } }), ask, owes);
  });
}

type Ask = (rule: string, input: JsonValue, more?: Partial<EvaluationRequest>) => Evaluation;
type Owes = (gap: GapName, value: unknown) => unknown;

/** The result in value notation and in OPA's order, or the code of the error, or undefined. */
function shown(evaluation: Evaluation): string | undefined {
  if (!evaluation.ok) return evaluation.code;
  const { result } = evaluation;
  return result === undefined ? undefined : formatNotation(parseNotation(result));
}

function describeDocuments(evaluator: () => Evaluator, ask: Ask, owes: Owes): void {
  test("answers an entrypoint from input and data", () => {
    expect(evaluator().entrypoints).toEqual([...entrypoints, conflictEntrypoint].sort());
    expect(shown(ask("double", { n: 21 }))).toBe("42");
    expect(shown(ask("limit", {}))).toBe("3");
  });

  test("an undefined document is no error", () => {
    expect(ask("double", {})).toMatchObject({ ok: true, result: undefined });
  });

  test("an entrypoint that is not there is data", () => {
    expect(ask("nothing", {})).toMatchObject({ ok: false, code: "aborted" });
  });

  test.each([[0], [false], [""], [null], ["ü\u{1F600}\n\u0000\u2028"], [[]], [{}]])(
    "sees the input %j",
    (input) => {
      const evaluation = ask("seen", input);
      expect(evaluation).toMatchObject({ ok: true });
      expect(evaluation.ok && JSON.parse(evaluation.result ?? "")).toEqual(input);
    },
  );

  test("no input is undefined", () => {
    expect(shown(ask("seen", {}, { inputJson: "" }))).toBe(owes("no input", undefined));
  });

  test("a set is a set, with its elements distinct", () => {
    expect(shown(ask("words", { word: "b" }))).toBe(owes("sets", '{"a","b"}'));
  });

  test("an input may hold sets", () => {
    const answer = ask("seen", {}, { inputJson: '{"ids": {2, 1, 2}, "none": set()}' });
    expect(shown(answer)).toBe(owes("sets in the input", '{"ids":{1,2},"none":set()}'));
  });

  test("keys may be of any kind", () => {
    const answer = shown(ask("pairs", {}));
    const wanted = '{3:"number",[1,2]:"list",{1}:"set"}';
    expect(answer).toBe(owes("keys of any kind", wanted));
  });

  test("integers keep their digits beyond 2^53", () => {
    const wanted = "[9007199254740993,-123456789012345678901234567890,1.5,1e2]";
    expect(shown(ask("digits", {}))).toBe(owes("big integers", wanted));
  });

  test.each(["1.50", "1e3", "-0.0", "123456789012345678901", "1e400"])(
    "an input's number is what it was: %s",
    (literal) => {
      const answer = ask("literal", {}, { inputJson: `{"literal": ${literal}}` });
      const result = answer.ok ? answer.result : undefined;
      const isKept = parseNotation(result ?? "null");
      const lost = owes("number literals", []) as readonly string[];
      const wanted = parseNotation(literal);
      expect(isKept !== null && equalValues(isKept, wanted)).toBe(!lost.includes(literal));
    },
  );

  test("has one clock, the one it is given, to the nanosecond", () => {
    for (const nowMs of [0, 1767225600000, 1795276800123]) {
      expect(shown(ask("clock", {}, { nowMs }))).toBe(String(BigInt(nowMs) * 1_000_000n));
    }
  });

  test("the same input gives the same answer, however often", () => {
    const first = ask("grown", { upto: 500 });
    expect(first).toMatchObject({ ok: true });
    for (let i = 0; i < 50; i++) expect(ask("grown", { upto: 500 })).toEqual(first);
  });

  test("names whose hashes collide in OPA's objects are as good as others", () => {
    // OPA hashes text with FNV-1a of 64 bits, of which it keeps 32: any many names collide somewhere.
    const input = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]));
    const answer = ask("picked", input);
    expect(answer.ok && JSON.parse(answer.result ?? "")).toEqual(input);
  });
}

function describeErrors(evaluator: () => Evaluator, ask: Ask, owes: Owes): void {
  test("a conflict is data, and the next evaluation is untouched by it", () => {
    expect(ask("which", { a: true, b: true })).toMatchObject({ ok: false, code: "conflict" });
    expect(shown(ask("which", { a: true }))).toBe("1");
  });

  test("a conflict names its place, in any script", () => {
    const inputJson = JSON.stringify({ a: true, b: true });
    const evaluation = evaluator().evaluate({
      entrypoint: conflictEntrypoint,
      inputJson,
      nowMs: 0,
    });
    const wanted = expect.stringMatching(/^größe\.rego:\d+:\d+: /);
    const message = owes("place of a conflict", wanted);
    expect(evaluation).toEqual({ ok: false, code: "conflict", message });
  });

  test("a builtin that fails is undefined", () => {
    expect(shown(ask("divided", { n: 0 }))).toBeUndefined();
    expect(shown(ask("parsed", { date: "x" }))).toBe(owes("host builtin error", undefined));
    expect(shown(ask("divided", { n: 2 }))).toBe("0.5");
  });

  test("a builtin that fails is an error under strict builtin errors", () => {
    const strict = { strictBuiltinErrors: true };
    expect(shown(ask("divided", { n: 0 }, strict))).toBe(owes("strict native builtin", "builtin"));
    expect(shown(ask("parsed", { date: "x" }, strict))).toBe(
      owes("strict host builtin", "builtin"),
    );
    expect(shown(ask("divided", { n: 2 }, strict))).toBe("0.5");
    expect(shown(ask("divided", { n: 0 }))).toBeUndefined();
  });

  test("what is printed belongs to the evaluation", () => {
    const printed = (evaluation: Evaluation) =>
      evaluation.ok ? evaluation.printed : evaluation.code;
    expect(printed(ask("said", { n: "x" }))).toEqual(owes("print", ["seen x {1, 2} <undefined>"]));
    expect(printed(ask("said", { n: 2 }))).toEqual(owes("print", ["seen 2 {1, 2} <undefined>"]));
  });
}

function describeBounds(createAnother: () => Evaluator, ask: Ask, owes: Owes): void {
  const stepsOf = (evaluation: Evaluation) => (evaluation.ok ? evaluation.steps : evaluation);

  test("memory is bounded: what needs more is data, and the next evaluation runs", () => {
    expect(ask("large", { text: "x".repeat(1000) })).toMatchObject({ ok: false, code: "limit" });
    expect(shown(ask("double", { n: 1 }))).toBe("2");
  });

  test("steps are bounded: a policy that spins is stopped", { timeout: 120_000 }, () => {
    // Walking over an object's keys takes no memory.
    const keys = Object.fromEntries(Array.from({ length: spinKeys }, (_, at) => [`k${at}`, at]));
    const spun = ask("spins", keys);
    const stopped = { ok: false, code: "limit", message: expect.stringMatching(/its \d+ steps/) };
    expect(spun).toEqual(owes("steps", stopped));
    expect(shown(ask("double", { n: 1 }))).toBe("2");
  });

  test("the same evaluation spends the same steps, whatever came before it", () => {
    const first = stepsOf(ask("grown", { upto: 100 }));
    ask("which", { a: true, b: true });
    ask("grown", { upto: 1_000 });
    ask("parsed", { date: "2026-01-01" });
    expect(stepsOf(ask("grown", { upto: 100 }))).toEqual(first);
    const fresh = createAnother();
    const inputJson = JSON.stringify({ upto: 100 });
    const again = fresh.evaluate({ entrypoint: "t/grown", inputJson, nowMs: 0 });
    expect(stepsOf(again)).toEqual(first);
  });

  test("an input of 10 MB is read", () => {
    const text = "x".repeat(10 * 1024 * 1024);
    expect(shown(ask("double", { n: 1, text }))).toBe("2");
  });

  test("nesting beyond what the stack holds is a limit", () => {
    const depth = 100_000;
    const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(ask("seen", {}, { inputJson: deep })).toMatchObject({ ok: false, code: "limit" });
    expect(ask("nested", { text: deep })).toMatchObject({ ok: false, code: "limit" });
    expect(shown(ask("double", { n: 1 }))).toBe("2");
  });
}
