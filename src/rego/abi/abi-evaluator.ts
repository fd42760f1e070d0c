/**
 * @module The evaluator port by our own host of OPA's WASM ABI: values cross its border typed, its
 * steps and its memory are bounded, and what goes wrong is data.
 */

import type { JsonObject } from "../../base/json.ts";
import { BuiltinError, BuiltinLimit, type FindBuiltin } from "../builtins/builtin.ts";
import type { Evaluation, EvaluationRequest, Evaluator } from "../evaluator.ts";
import { mendModule } from "./mending.ts";
import { PolicyAbort } from "./policy-instance.ts";
import { evaluationLimits, PolicyRunner, StepsSpent } from "./policy-runner.ts";
import { failedExport, makeStrict } from "./strict-builtins.ts";

interface Engine {
  readonly runner: PolicyRunner;
  /** OPA's name of the compiled builtin that stopped the evaluation, where one did. */
  readonly failedBuiltin: () => string | undefined;
}

export interface AbiEvaluatorOptions {
  /** True where absent. Tests compare a metered module with the one it was made from. */
  readonly isMetered?: boolean;
}

/**
 * Compiles `wasm` (OPA's WASM ABI 1.2 or newer), metered, and sets its base document.
 * @throws Error where the bytes are no such module, or need a builtin that `findBuiltin` lacks
 */
export function createAbiEvaluator(
  wasm: Uint8Array,
  data: JsonObject,
  findBuiltin: FindBuiltin,
  { isMetered = true }: AbiEvaluatorOptions = {},
): Evaluator {
  const mended = mendModule(wasm);
  const lenient = createLenient();
  let strict: Engine | undefined;

  function createLenient(): Engine {
    return {
      runner: new PolicyRunner({ wasm: mended, data, findBuiltin, isMetered }),
      failedBuiltin: () => undefined,
    };
  }

  function createStrict(): Engine {
    const strictModule = makeStrict(mended);
    const runner = new PolicyRunner({ wasm: strictModule.wasm, data, findBuiltin, isMetered });
    return { runner, failedBuiltin: () => strictModule.builtinOf(runner.counter(failedExport)) };
  }

  return {
    entrypoints: [...lenient.runner.instance.entrypoints.keys()].sort(),
    evaluate(request: EvaluationRequest): Evaluation {
      if (request.strictBuiltinErrors === true) strict ??= createStrict();
      const engine = request.strictBuiltinErrors === true ? (strict ?? lenient) : lenient;
      return evaluateWith(engine, request);
    },
  };
}

function evaluateWith({ runner, failedBuiltin }: Engine, request: EvaluationRequest): Evaluation {
  try {
    const entrypoint = runner.instance.entrypoints.get(request.entrypoint);
    if (entrypoint === undefined) {
      return { ok: false, code: "aborted", message: `no entrypoint \`${request.entrypoint}\`` };
    }
    return { ok: true, ...runner.evaluate(entrypoint, request) };
  } catch (error) {
    const failed = failedBuiltin();
    runner.discard();
    if (failed === undefined) return classify(error);
    return {
      ok: false,
      code: "builtin",
      message: `${failed}: the arguments are not what it takes`,
    };
  }
}

/** What the module's allocator says when its memory may not grow any more. */
const outOfMemory = "opa_malloc: failed";

const memorySpent = `the evaluation needed more than its ${evaluationLimits.memoryPagesMax / 16} MiB of memory`;

function classify(error: unknown): Evaluation & { ok: false } {
  if (error instanceof BuiltinError) return { ok: false, code: "builtin", message: error.message };
  if (error instanceof PolicyAbort && error.message === outOfMemory) {
    return { ok: false, code: "limit", message: memorySpent };
  }
  if (error instanceof BuiltinLimit) return { ok: false, code: "limit", message: error.message };
  if (error instanceof PolicyAbort) {
    const isConflict = /(var assignment|object insert) conflict$/.test(error.message);
    return { ok: false, code: isConflict ? "conflict" : "aborted", message: error.message };
  }
  if (error instanceof StepsSpent) {
    const message = `the evaluation spent its ${evaluationLimits.stepsMax} steps: a rule runs too long, or without end`;
    return { ok: false, code: "limit", message };
  }
  const message = error instanceof Error ? error.message : String(error);
  const isLimit = error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
  return {
    ok: false,
    code: isLimit ? "limit" : "aborted",
    message: `the evaluation stopped: ${message}`,
  };
}
