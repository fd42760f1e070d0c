/** @module Stands in for `src/service/engine.ts`: the same engine with the evaluator that is asked for. */

import type { Bundle } from "../../src/bundle/bundle.ts";
import type { Evaluator } from "../../src/rego/evaluator.ts";
import { createOpaWasmEvaluator } from "../../src/rego/opa-wasm-evaluator.ts";
import * as original from "../../src/service/engine.ts";
import { type EvaluatorChoice, evaluatorVariable } from "./evaluator-choice.ts";

export function createEngine(
  bundle: Bundle,
  createEvaluator: original.CreateEvaluator,
): original.Engine {
  const name = process.env[evaluatorVariable] as EvaluatorChoice | undefined;
  if (name === "opa-wasm") return original.createEngine(bundle, createOpaWasmEvaluator);
  return original.createEngine(bundle, (wasm, data) => cannedBy(createEvaluator(wasm, data)));
}

/**
 * Evaluates once for each entrypoint, and from then on gives that answer to whatever is asked: no
 * input enters the module, nothing is evaluated and no answer is taken out. Parsing, normalising,
 * writing the input, reading and checking the answer, composing and recording remain.
 */
function cannedBy(evaluator: Evaluator): Evaluator {
  const answers = new Map<string, ReturnType<Evaluator["evaluate"]>>();
  return {
    ...evaluator,
    evaluate(request) {
      const answer = answers.get(request.entrypoint) ?? evaluator.evaluate(request);
      answers.set(request.entrypoint, answer);
      return answer;
    },
  };
}
