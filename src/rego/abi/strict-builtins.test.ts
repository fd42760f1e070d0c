import { afterAll, beforeAll, expect, test } from "vitest";
import { findBuiltin } from "../builtins/find-builtin.ts";
import type { Evaluator } from "../evaluator.ts";
import { createToolchain } from "../toolchain/wasi-toolchain.ts";
import { createAbiEvaluator } from "./abi-evaluator.ts";

/** Each expression fails in OPA for an input of the wrong type, or has a value for one of the right. */
const expressions: readonly (readonly [expression: string, builtin: string])[] = [
  ["input + 1", "plus"],
  ["10 / input", "div"],
  ["10 % input", "rem"],
  ["abs(input)", "abs"],
  ["count(input)", "count"],
  ["sum(input)", "sum"],
  ["upper(input)", "upper"],
  ["split(input, `a`)", "split"],
  ["floor(input)", "floor"],
  ["array.concat(input, [1])", "array.concat"],
  ["object.get(input, `a`, 1)", "object.get"],
  ["regex.match(`a`, input)", "regex.match"],
  ["json.unmarshal(input)", "json.unmarshal"],
  ["numbers.range(1, input)", "numbers.range"],
  ["base64.decode(input)", "base64.decode"],
  ["net.cidr_contains(input, `10.0.0.1`)", "net.cidr_contains"],
];

const toolchain = createToolchain();
let evaluator: Evaluator;

beforeAll(async () => {
  const rules = expressions.map(
    ([expression], at) => `r${at} := ${expression}\n\nn${at} if not ${expression}`,
  );
  const text = `package s\n\n${rules.join("\n\n")}\n\nempty := max([])\n\nabsent := input.a.b\n`;
  const names = [...expressions.keys()].flatMap((at) => [`s/r${at}`, `s/n${at}`]);
  const compiled = await toolchain.compile({
    files: [{ path: "s.rego", text }],
    entrypoints: [...names, "s/empty", "s/absent"],
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  evaluator = createAbiEvaluator(compiled.wasm, {}, findBuiltin);
});

afterAll(() => toolchain.close());

function ask(rule: string, inputJson: string, strictBuiltinErrors: boolean) {
  const { ...answer } = evaluator.evaluate({
    entrypoint: `s/${rule}`,
    inputJson,
    nowMs: 0,
    strictBuiltinErrors,
  });
  return answer.ok ? answer.result : `${answer.code}: ${answer.message}`;
}

test.each(expressions.map(([expression, builtin], at) => [expression, builtin, at] as const))(
  "%s fails as %s under strict builtin errors, and is undefined otherwise",
  (_expression, builtin, at) => {
    const wanted = `builtin: ${builtin}: the arguments are not what it takes`;
    expect(ask(`r${at}`, "null", true)).toBe(wanted);
    expect(ask(`n${at}`, "null", true)).toBe(wanted);
    expect(ask(`r${at}`, "null", false)).toBeUndefined();
    expect(ask(`n${at}`, "null", false)).toBe("true");
  },
);

test("what is undefined without an error stays undefined", () => {
  expect(ask("empty", "{}", true)).toBeUndefined();
  expect(ask("absent", "{}", true)).toBeUndefined();
});

test("what has a value has it under strict builtin errors too", () => {
  expect(ask("r0", "41", true)).toBe("42");
  expect(ask("r4", "[1, 2]", true)).toBe("2");
  expect(ask("r6", '"é"', true)).toBe('"É"');
});
