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

/** Every unit that OPA accepts, on every input; units that it refuses are left out. */
export async function askBoth(
  units: readonly string[],
  inputs: readonly JsonObject[],
  options: EngineOptions,
): Promise<readonly Pair[]> {
  const modules = await compileUnits(units.map(nameUnit), options.toolchain);
  const pairs: Pair[] = [];
  for (const module of modules) pairs.push(...(await askModule(module, inputs, options)));
  return pairs;
}

async function askModule(
  { units, wasm }: CompiledUnits,
  inputs: readonly JsonObject[],
  { toolchain, findBuiltin }: EngineOptions,
): Promise<readonly Pair[]> {
  const files = units.map(({ file }) => file);
  const evaluator = createAbiEvaluator(wasm, {}, findBuiltin);
  const pairs: Pair[] = [];
  for (const { name, rules } of units) {
    const asked = { files, query: `data.${name}.r`, inputs, nowMs, notation: true };
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

interface CompiledUnits {
  readonly units: readonly Unit[];
  readonly wasm: Uint8Array;
}

function nameUnit(rules: string, at: number): Unit {
  const name = `u${at}`;
  return { rules, name, file: { path: `${name}.rego`, text: `package ${name}\n\n${rules}\n` } };
}

/** In as few modules as there can be. */
async function compileUnits(
  units: readonly Unit[],
  toolchain: Toolchain,
): Promise<readonly CompiledUnits[]> {
  if (units.length === 0) return [];
  const files = units.map(({ file }) => file);
  const entrypoints = units.map(({ name }) => `${name}/r`);
  const compiled = await toolchain.compile({ files, entrypoints });
  if (compiled.ok) return [{ units, wasm: compiled.wasm }];
  const refused = new Set(compiled.diagnostics.map(({ file }) => file));
  const rest = units.filter(({ file }) => !refused.has(file.path));
  if (rest.length < units.length) return compileUnits(rest, toolchain);
  // OPA's planner refuses what its interpreter does not, and names no file.
  if (units.length === 1) return [];
  const half = Math.ceil(units.length / 2);
  const halves = [units.slice(0, half), units.slice(half)];
  return (await Promise.all(halves.map((some) => compileUnits(some, toolchain)))).flat();
}

function evaluate(evaluator: Evaluator, entrypoint: string, input: JsonObject): Answer {
  const evaluation: Evaluation = evaluator.evaluate({
    entrypoint,
    inputJson: JSON.stringify(input),
    nowMs,
  });
  if (!evaluation.ok) return { kind: "error", code: evaluation.code, message: evaluation.message };
  try {
    return valueOrNothing(evaluation.result);
  } catch (error) {
    // A number that is none: such an answer has failed, as the engine has it.
    return { kind: "error", code: "aborted", message: String(error) };
  }
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

/** More of an answer nobody reads. */
const shownMax = 1_000;

function formatAnswer(answer: Answer): string {
  if (answer.kind === "value") return formatNotation(answer.value).slice(0, shownMax);
  return answer.kind === "error" ? `${answer.code} error: ${answer.message}` : "undefined";
}
