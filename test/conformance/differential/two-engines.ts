/** @module The same units and inputs by the compiled module on our host, and by OPA's interpreter. */

import type { JsonObject } from "../../../src/base/json.ts";
import { createAbiEvaluator } from "../../../src/rego/abi/abi-evaluator.ts";
import type { FindBuiltin } from "../../../src/rego/builtins/builtin.ts";
import type { Evaluation, Evaluator } from "../../../src/rego/evaluator.ts";
import type {
  Checked,
  Evaluated,
  SourceFile,
  Toolchain,
} from "../../../src/rego/toolchain/toolchain.ts";
import { equalValues, type RegoValue } from "../../../src/rego/value.ts";
import { formatNotation, parseNotation } from "../../../src/rego/value-notation.ts";

/** The one clock reading of every evaluation. */
const nowMs = 1_767_225_600_000;

/** A value, nothing, or the kind of error. */
export type Answer =
  | { readonly kind: "value"; readonly value: RegoValue }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

/** One unit on one input, by both engines. */
export interface Pair {
  readonly rules: string;
  readonly input: JsonObject;
  readonly wasm: Answer;
  readonly topdown: Answer;
}

export interface EngineOptions {
  readonly toolchain: Toolchain;
  readonly findBuiltin: FindBuiltin;
}

interface Unit {
  readonly rules: string;
  readonly name: string;
  readonly file: SourceFile;
}

/** Every unit that OPA accepts on every input; units that it refuses are left out. */
export async function askBoth(
  units: readonly string[],
  inputs: readonly JsonObject[],
  { toolchain, findBuiltin }: EngineOptions,
): Promise<readonly Pair[]> {
  const compiled = await compileUnits(units.map(nameUnit), toolchain);
  if (compiled === undefined) return [];
  const { accepted, wasm } = compiled;
  const files = accepted.map(({ file }) => file);
  const evaluator = createAbiEvaluator(wasm, {}, findBuiltin);
  const pairs: Pair[] = [];
  for (const { name, rules } of accepted) {
    const query = `data.${name}.r`;
    const asked = { files, query, inputs, nowMs, notation: true };
    const interpreted = await toolchain.evalEach(asked);
    if (!interpreted.ok) throw new Error(JSON.stringify(interpreted.diagnostics));
    interpreted.results.forEach((result, at) => {
      const input = inputs[at] as JsonObject;
      const answer = evaluate(evaluator, `${name}/r`, input);
      pairs.push({ rules, input, wasm: answer, topdown: answerOfTopdown(result) });
    });
  }
  return pairs;
}

function nameUnit(rules: string, at: number): Unit {
  const name = `u${at}`;
  return { rules, name, file: { path: `${name}.rego`, text: `package ${name}\n\n${rules}\n` } };
}

async function compileUnits(units: readonly Unit[], toolchain: Toolchain) {
  let accepted = units;
  while (accepted.length > 0) {
    const files = accepted.map(({ file }) => file);
    const entrypoints = accepted.map(({ name }) => `${name}/r`);
    const compiled = await toolchain.compile({ files, entrypoints });
    if (compiled.ok) return { accepted, wasm: compiled.wasm };
    const refused = new Set(compiled.diagnostics.map(({ file }) => file));
    const rest = accepted.filter(({ file }) => !refused.has(file.path));
    if (rest.length === accepted.length) throw new Error(JSON.stringify(compiled.diagnostics));
    accepted = rest;
  }
  return undefined;
}

function evaluate(evaluator: Evaluator, entrypoint: string, input: JsonObject): Answer {
  const evaluation: Evaluation = evaluator.evaluate({
    entrypoint,
    inputJson: JSON.stringify(input),
    nowMs,
  });
  if (!evaluation.ok) return { kind: "error", code: evaluation.code, message: evaluation.message };
  return valueOrNothing(evaluation.result);
}

const codes: Readonly<Record<string, string>> = { eval_conflict_error: "conflict" };

function answerOfTopdown(result: Checked<Evaluated>): Answer {
  if (result.ok) return valueOrNothing(result.result[0]?.expressions[0]?.notation);
  const [{ code, message } = { code: "none", message: "" }] = result.diagnostics;
  return { kind: "error", code: codes[code] ?? code, message };
}

function valueOrNothing(notation: string | undefined): Answer {
  if (notation === undefined) return { kind: "undefined" };
  return { kind: "value", value: parseNotation(notation) };
}

export function agree({ wasm, topdown }: Pair): boolean {
  if (wasm.kind === "value" && topdown.kind === "value") {
    return equalValues(wasm.value, topdown.value);
  }
  if (wasm.kind === "error" && topdown.kind === "error") return wasm.code === topdown.code;
  return wasm.kind === topdown.kind;
}

/** A disagreement as one reads it: the policy, the input, and both answers. */
export function formatPair({ rules, input, wasm, topdown }: Pair): string {
  return [
    `package u\n\n${rules}`,
    `input: ${JSON.stringify(input)}`,
    `as WebAssembly: ${formatAnswer(wasm)}`,
    `by topdown: ${formatAnswer(topdown)}`,
  ].join("\n");
}

function formatAnswer(answer: Answer): string {
  if (answer.kind === "value") return formatNotation(answer.value);
  return answer.kind === "error" ? `${answer.code} error: ${answer.message}` : "undefined";
}
