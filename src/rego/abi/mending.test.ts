import { expect, test } from "vitest";
import { findBuiltin } from "../builtins/find-builtin.ts";
import { createToolchain } from "../toolchain/wasi-toolchain.ts";
import { createAbiEvaluator } from "./abi-evaluator.ts";

test("json.is_valid leaves the constants of the module alone", async () => {
  const toolchain = createToolchain();
  const text = `package v

r := [json.is_valid(x) | some x in ["false", "true", "null", "[1]", "{", "12"]]

s[k] := v if {
	k := "a"
	v := json.is_valid(json.marshal(false))
}

t := [false, true, null]
`;
  const compiled = await toolchain.compile({
    files: [{ path: "v.rego", text }],
    entrypoints: ["v/r", "v/s", "v/t"],
  });
  await toolchain.close();
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const evaluator = createAbiEvaluator(compiled.wasm, {}, findBuiltin);
  const resultOf = (entrypoint: string) => {
    const evaluation = evaluator.evaluate({ entrypoint, inputJson: "{}", nowMs: 0 });
    return evaluation.ok ? evaluation.result : evaluation.message;
  };
  expect(resultOf("v/r")).toBe("[true, true, true, true, false, true]");
  expect(resultOf("v/s")).toBe('{"a": true}');
  expect(resultOf("v/t")).toBe("[false, true, null]");
});
