/** @module One Rego test of a pack, as the interpreter and as WebAssembly came out of it. */

import type { TestResult } from "../rego/toolchain/toolchain.ts";

export interface RunTest extends TestResult {
  /** What the test did as WebAssembly, where that is not what it did in OPA's interpreter. */
  readonly wasm?: WasmOutcome;
}

export interface WasmOutcome {
  readonly outcome: "pass" | "fail" | "error";
  /** One line: what happened instead. */
  readonly message: string;
}

/** A test that passes and does something else where policies run has not passed. */
export function hasFailed(test: RunTest): boolean {
  return test.fail === true || test.error !== undefined || test.wasm !== undefined;
}
