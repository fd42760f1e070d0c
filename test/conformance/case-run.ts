/** @module One case, evaluated: by our host, metered and as it came, and by npm `opa-wasm`. */

import { createAbiEvaluator } from "../../src/rego/abi/abi-evaluator.ts";
import type { FindBuiltin } from "../../src/rego/builtins/builtin.ts";
import type { Evaluation, Evaluator } from "../../src/rego/evaluator.ts";
import { createOpaWasmEvaluator } from "../../src/rego/opa-wasm-evaluator.ts";
import type { Toolchain } from "../../src/rego/toolchain/toolchain.ts";
import { parseNotation } from "../../src/rego/value-notation.ts";
import { type CaseOutcomes, findDifference, type Outcome } from "./case-verdict.ts";
import type { CompiledCase } from "./compiled-case.ts";
import type { OpaCase } from "./opa-cases.ts";

/** The one clock reading of every case: 2026-01-01, later than any moment the cases name. */
const nowMs = Date.UTC(2026, 0, 1);

type Compiled = Extract<CompiledCase, { readonly ok: true }>;

/** What is not as the case wants it; undefined where all is. */
export function runOnHost(
  opaCase: OpaCase,
  compiled: Compiled,
  findBuiltin: FindBuiltin,
): string | undefined {
  const { wasm, data } = compiled;
  const metered = ask(opaCase, compiled, createAbiEvaluator(wasm, data, findBuiltin));
  const plainHost = createAbiEvaluator(wasm, data, findBuiltin, { isMetered: false });
  const plain = ask(opaCase, compiled, plainHost);
  if (JSON.stringify(metered.answers) !== JSON.stringify(plain.answers)) {
    return `metered ${JSON.stringify(metered.answers)}, as it came ${JSON.stringify(plain.answers)}`;
  }
  return findDifference(opaCase, metered.outcomes);
}

/** The same by OPA's interpreter, which is what a crosscheck compares with. */
export async function runOnTopdown(
  toolchain: Toolchain,
  opaCase: OpaCase,
  { question, data }: Compiled,
): Promise<string | undefined> {
  const query = `data.${question.entrypoint.replaceAll("/", ".")}`;
  const asked = { files: question.files, data, query, nowMs, notation: true };
  const evaluated = await toolchain.eval(asked);
  if (!evaluated.ok) return evaluated.diagnostics[0]?.message;
  const notation = evaluated.result[0]?.expressions[0]?.notation;
  const document = notation === undefined ? undefined : parseNotation(notation);
  const lenient = { solutions: question.solutionsOf(document) };
  return findDifference(opaCase, { lenient, strict: undefined });
}

export type NpmReason = "right" | "builtin missing" | "no strict errors" | "another answer";

/** How npm `opa-wasm` fares, which has gaps that are known by their kind. */
export function runOnNpm(opaCase: OpaCase, compiled: Compiled): NpmReason {
  try {
    const evaluator = createOpaWasmEvaluator(compiled.wasm, compiled.data);
    const { outcomes, answers } = ask(opaCase, compiled, evaluator);
    if (findDifference(opaCase, outcomes) === undefined) return "right";
    if (answers.some((answer) => !answer.ok && /not implemented/.test(answer.message))) {
      return "builtin missing";
    }
    const wantsStrict = opaCase.want.kind === "error" && opaCase.want.isStrict;
    return wantsStrict ? "no strict errors" : "another answer";
  } catch (error) {
    if (/not implemented/.test(String(error))) return "builtin missing";
    throw error;
  }
}

function ask(opaCase: OpaCase, { question, input }: Compiled, evaluator: Evaluator) {
  const evaluate = (strictBuiltinErrors: boolean): Evaluation => {
    const request = { entrypoint: question.entrypoint, inputJson: input, nowMs };
    const answer = evaluator.evaluate({ ...request, strictBuiltinErrors });
    // Only a metered module counts steps.
    return answer.ok ? { ok: true, result: answer.result } : answer;
  };
  const outcomeOf = (answer: Evaluation): Outcome => {
    if (!answer.ok) return answer;
    const document = answer.result === undefined ? undefined : parseNotation(answer.result);
    return { solutions: question.solutionsOf(document) };
  };
  const lenient = evaluate(false);
  const wantsStrict = opaCase.want.kind === "error" && opaCase.want.isStrict;
  const strict = wantsStrict ? evaluate(true) : undefined;
  const outcomes: CaseOutcomes = {
    lenient: outcomeOf(lenient),
    strict: strict === undefined ? undefined : outcomeOf(strict),
  };
  return { outcomes, answers: strict === undefined ? [lenient] : [lenient, strict] };
}
