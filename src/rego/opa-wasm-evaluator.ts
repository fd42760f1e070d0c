/**
 * @module The evaluator port by `@open-policy-agent/opa-wasm`.
 *
 * One instance serves one bundle. The input's JSON text is written into the module's memory as it
 * is. An evaluation that aborts may leave the module's heap in any state, so the instance is thrown
 * away and the next evaluation starts on a fresh one.
 *
 * The library's host builtins that exist are OPA's in name only (`sprintf` of composites, `yaml.*`
 * on odd documents); docs/rego.md lists what is known to differ.
 */

import { createRequire } from "node:module";
import type { JsonObject, JsonValue } from "../base/json.ts";
import type { Evaluation, EvaluationRequest, Evaluator } from "./evaluator.ts";

// The package's ESM entry leaves out `loadPolicySync`, which its CommonJS entry has.
const { loadPolicySync } = createRequire(import.meta.url)(
  "@open-policy-agent/opa-wasm",
) as typeof import("@open-policy-agent/opa-wasm");

type LoadedPolicy = ReturnType<typeof loadPolicySync>;

/** A WASM page is 64 KiB: 128 MiB at most for one policy's evaluation. */
const memoryPagesMax = 2048;
const memoryPagesInitial = 32;

/**
 * Compiles `wasm` (OPA's WASM ABI 1.2 or newer) and sets its base document.
 * @throws Error where the bytes are no such module.
 */
export function createOpaWasmEvaluator(wasm: Uint8Array, data: JsonObject): Evaluator {
  const module = new WebAssembly.Module(Uint8Array.from(wasm));
  let clockMs = 0;
  const builtins = { "time.now_ns": () => clockMs * 1e6, trace: () => true };

  function instantiate(): LoadedPolicy {
    const memory = { initial: memoryPagesInitial, maximum: memoryPagesMax };
    // The declared type leaves out a compiled module, which the function takes.
    const policy = loadPolicySync(module, memory, builtins);
    policy.setData(data);
    return policy;
  }

  let instance: LoadedPolicy | undefined = instantiate();
  const entrypoints = Object.keys(instance.entrypoints as Record<string, number>).sort();

  return {
    entrypoints,
    evaluate({ entrypoint, inputJson, nowMs }: EvaluationRequest): Evaluation {
      if (!entrypoints.includes(entrypoint)) {
        return { ok: false, code: "aborted", message: `no entrypoint \`${entrypoint}\`` };
      }
      clockMs = nowMs;
      const policy = (instance ??= instantiate());
      const input = new TextEncoder().encode(inputJson);
      try {
        const solutions = policy.evaluate(input.buffer, entrypoint) as { result: JsonValue }[];
        const result = solutions[0]?.result;
        return { ok: true, result: result === undefined ? undefined : JSON.stringify(result) };
      } catch (error) {
        instance = undefined;
        return classifyAbort(error);
      }
    },
  };
}

/** The library throws strings, plain objects and errors; what they say tells what happened. */
function classifyAbort(thrown: unknown): Evaluation & { ok: false } {
  const message = abortText(thrown);
  if (/conflict|must not produce multiple outputs/.test(message)) {
    return { ok: false, code: "conflict", message };
  }
  if (/not implemented|built-in/.test(message)) return { ok: false, code: "builtin", message };
  if (/memory|malloc|call stack/i.test(message)) {
    return { ok: false, code: "limit", message };
  }
  return { ok: false, code: "aborted", message };
}

function abortText(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    return String(thrown.message);
  }
  return "the evaluation stopped without a reason";
}
