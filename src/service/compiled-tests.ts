/**
 * @module Tests on what ships: each Rego test once more, compiled to WebAssembly as its policies are,
 * and run by the evaluator that decides. A test must come out of both alike.
 */

import type { JsonObject, JsonValue } from "../base/json.ts";
import { type EvaluatedDocument, evaluateDocument } from "../rego/evaluate-document.ts";
import type {
  Checked,
  CompiledTest,
  Sources,
  TestResult,
  Toolchain,
} from "../rego/toolchain/toolchain.ts";
import { readJson } from "../rego/value-notation.ts";
import type { CreateEvaluator } from "./engine.ts";
import type { RunTest, WasmOutcome } from "./run-test.ts";

export interface CompiledTestsRequest {
  readonly sources: Sources;
  /** As the interpreter ran them. */
  readonly results: readonly TestResult[];
  readonly toolchain: Toolchain;
  readonly createEvaluator: CreateEvaluator;
  /** The clock of the tests, epoch milliseconds. */
  readonly nowMs: number;
  readonly run?: string;
}

/** Gives the same results, each that differs as WebAssembly marked. */
export async function runCompiledTests(
  request: CompiledTestsRequest,
): Promise<Checked<{ readonly results: readonly RunTest[] }>> {
  const { sources, results, toolchain, createEvaluator, nowMs, run } = request;
  if (results.every((result) => result.skip === true)) return { ok: true, results };
  const compiled = await toolchain.compileTests({
    ...sources,
    ...(run === undefined ? {} : { run }),
  });
  if (!compiled.ok) return compiled;
  const { wasm, tests } = compiled;
  const data: JsonObject = sources.data ?? {};
  const evaluator = wasm === undefined ? undefined : createEvaluator(wasm, data);
  const byPlace = new Map(tests.map((test) => [placeOf(test), test]));

  function outcomeOf(result: TestResult): WasmOutcome | undefined {
    const test = byPlace.get(placeOf(result));
    if (test === undefined) return { outcome: "error", message: "it was not compiled" };
    const { entrypoint, problem = "it was not compiled" } = test;
    if (evaluator === undefined || entrypoint === undefined) {
      return { outcome: "error", message: problem };
    }
    // A test has no input but what it gives itself.
    const asked = { entrypoint, inputJson: "", nowMs };
    return findDifference(result, test, evaluateDocument(evaluator, asked, readJson));
  }

  return {
    ok: true,
    results: results.map((result) => {
      const outcome = result.skip === true ? undefined : outcomeOf(result);
      return outcome === undefined ? result : { ...result, wasm: outcome };
    }),
  };
}

function placeOf({ location: { file, row, col } }: Pick<TestResult, "location">): string {
  return `${row}:${col}:${file}`;
}

/** Undefined where both came out alike. */
function findDifference(
  interpreted: TestResult,
  test: CompiledTest,
  evaluated: EvaluatedDocument<JsonValue>,
): WasmOutcome | undefined {
  const isError = interpreted.error !== undefined;
  if (!evaluated.ok) {
    return isError ? undefined : { outcome: "error", message: evaluated.message };
  }
  const { document } = evaluated;
  if (test.isTable && !isError) return findTableDifference(interpreted, document);
  const hasPassed = document === true;
  const isSame = !isError && hasPassed === (interpreted.fail !== true);
  if (isSame) return undefined;
  return hasPassed
    ? { outcome: "pass", message: "it passes" }
    : { outcome: "fail", message: "it is false or undefined" };
}

function findTableDifference(
  interpreted: TestResult,
  document: JsonValue | undefined,
): WasmOutcome | undefined {
  const wanted = new Set(passedCases(interpreted.sub_results ?? {}, isPassedCase));
  const got = new Set(passedCases(document ?? {}, (value) => value === true));
  const failed = [...wanted].filter((name) => !got.has(name));
  const passed = [...got].filter((name) => !wanted.has(name));
  if (failed.length + passed.length === 0) return undefined;
  const told = [
    ...failed.map((name) => `case ${name} is false or undefined`),
    ...passed.map((name) => `case ${name} passes`),
  ];
  return { outcome: failed.length > 0 ? "fail" : "pass", message: told.join("; ") };
}

/** A case of OPA's table: a name, whether it failed, or cases below it. */
function isPassedCase(value: JsonValue): boolean {
  return isObject(value) && value["fail"] !== true && value["sub_results"] === undefined;
}

/** The names of the cases that passed, those of a table in a table joined by a slash. */
function passedCases(
  table: JsonValue,
  hasPassed: (value: JsonValue) => boolean,
  prefix = "",
): readonly string[] {
  if (!isObject(table)) return [];
  return Object.entries(table).flatMap(([name, value]) => {
    if (hasPassed(value)) return [`${prefix}\`${name}\``];
    const inner = isObject(value) ? (value["sub_results"] ?? value) : value;
    return passedCases(inner, hasPassed, `${prefix}\`${name}\`/`);
  });
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
