import { expect, test } from "vitest";
import { createAbiEvaluator } from "../../src/rego/abi/abi-evaluator.ts";
import { findBuiltin } from "../../src/rego/builtins/find-builtin.ts";
import { createOpaWasmEvaluator } from "../../src/rego/opa-wasm-evaluator.ts";
import { describeEvaluator } from "./evaluator.contract.ts";

describeEvaluator({
  name: "our host",
  create: (wasm, data) => createAbiEvaluator(wasm, data, findBuiltin),
  gaps: {},
});

describeEvaluator({
  name: "npm opa-wasm",
  create: createOpaWasmEvaluator,
  gaps: {
    // It reads answers as JSON: without sets, with doubles, with keys that are text.
    sets: '["b","a"]',
    "sets in the input": '{"ids":[1,2],"none":[]}',
    "keys of any kind": '{"3":"number","[1,2]":"list","[1]":"set"}',
    "big integers": "[9007199254740992,-1.2345678901234568e+29,1.5,100]",
    "number literals": ["123456789012345678901", "1e400"],
    // It reads a message byte by byte.
    "place of a conflict": expect.stringMatching(/^gr\W+e\.rego:5:1: var assignment conflict$/),
    // It has few builtins of a host, fails where one of them fails, and knows no strict errors.
    "host builtin error": "builtin",
    "strict native builtin": undefined,
    print: "builtin",
    // It counts no steps, and would go on for as long as it takes.
    steps: { ok: true, result: undefined },
  },
});

test.each([
  ["our host", (wasm: Uint8Array) => createAbiEvaluator(wasm, {}, findBuiltin)],
  ["npm opa-wasm", (wasm: Uint8Array) => createOpaWasmEvaluator(wasm, {})],
])("%s refuses bytes that are no module", (_name, create) => {
  expect(() => create(new Uint8Array([1, 2, 3]))).toThrow(/WebAssembly/);
});
