/**
 * @module Evaluating any query against any sources: as WebAssembly, which is what decides, by OPA's
 * interpreter, which knows every query and can explain, or by both, compared.
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { BelayError } from "../base/errors.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import { evaluateDocument } from "../rego/evaluate-document.ts";
import type { EvaluationErrorCode } from "../rego/evaluator.ts";
import type { Checked, CoverageReport, Evaluated, Toolchain } from "../rego/toolchain/toolchain.ts";
import { equalValues } from "../rego/value.ts";
import { parseNotation } from "../rego/value-notation.ts";
import type { CreateEvaluator } from "./engine.ts";
import {
  findEntrypoint,
  locateExpressions,
  type Place,
  queryFile,
  toRego,
  wrappedEntrypoint,
  wrapQuery,
} from "./eval-query.ts";
import type { EvalSources } from "./eval-sources.ts";
import { readExactJson } from "./eval-value.ts";

export type EvalEngine = "wasm" | "topdown" | "both";

export interface EvalRequest {
  /** Rego, or an entrypoint such as `belay/decision/answer`. */
  readonly query: string;
  readonly sources: EvalSources;
  /** Undefined to the query where absent. */
  readonly input?: JsonValue;
  /** The clock of the evaluation, epoch milliseconds. */
  readonly nowMs: number;
  /** Where absent, `wasm` for an entrypoint and `topdown` for any other query. */
  readonly engine?: EvalEngine;
  readonly strictBuiltinErrors?: boolean;
  /** Needs topdown, and chooses it. */
  readonly explain?: "notes" | "fails" | "full";
  /** Needs topdown, and chooses it. */
  readonly coverage?: boolean;
}

export interface EvalSolution {
  readonly expressions: readonly {
    readonly value: JsonValue;
    readonly text: string;
    readonly location: Place;
  }[];
  readonly bindings: JsonObject;
}

export interface EvalAnswer {
  /** As `opa eval` has them: none where the query is undefined. Topdown's, where both were asked. */
  readonly solutions: readonly EvalSolution[];
  /** What `print` wrote, one element a line. */
  readonly printed: readonly string[];
  /** OPA's trace, one line each. */
  readonly explanation?: readonly string[];
  readonly coverage?: CoverageReport;
  /** What each engine made of it, where both were asked and do not agree. */
  readonly difference?: { readonly wasm: string; readonly topdown: string };
}

export interface EvalDependencies {
  readonly toolchain: Toolchain;
  readonly createEvaluator: CreateEvaluator;
}

/** What one engine made of the query; the value, where there is one, in value notation. */
type Outcome =
  | {
      readonly ok: true;
      readonly notation: string | undefined;
      readonly printed: readonly string[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Sources that do not compile and evaluations that fail are diagnostics.
 * @throws BelayError `usage` where the engine asked for cannot evaluate the query
 */
export async function evaluate(
  deps: EvalDependencies,
  request: EvalRequest,
): Promise<Checked<EvalAnswer>> {
  const { query } = request;
  const needsTopdown = request.explain !== undefined || request.coverage === true;
  const isEntrypoint = findEntrypoint(query) !== undefined;
  const engine = request.engine ?? (isEntrypoint && !needsTopdown ? "wasm" : "topdown");
  if (engine === "wasm" && needsTopdown) {
    throw new BelayError("usage", "only topdown can explain and measure coverage");
  }
  if (engine === "topdown") return asAnswer(query, await evaluateByTopdown(deps, request));
  if (engine === "both") return evaluateByBoth(deps, request);
  const module = await compileQuery(deps.toolchain, request);
  if (!module.ok) return module;
  const outcome = runModule(deps, module, request);
  return outcome.ok ? asSolution(query, outcome.notation, outcome.printed) : outcome;
}

function asSolution(
  query: string,
  notation: string | undefined,
  printed: readonly string[],
): Checked<EvalAnswer> {
  if (notation === undefined) return { ok: true, solutions: [], printed };
  const text = toRego(query).trim();
  const [location = { row: 1, col: 1 }] = locateExpressions(toRego(query), [text]);
  const expressions = [{ value: readExactJson(notation), text, location }];
  return { ok: true, solutions: [{ expressions, bindings: {} }], printed };
}

async function evaluateByTopdown(
  { toolchain }: EvalDependencies,
  request: EvalRequest,
): Promise<Checked<Evaluated>> {
  const { sources, nowMs, input, strictBuiltinErrors, explain, coverage } = request;
  const query = toRego(request.query);
  const asked = {
    files: sources.files,
    data: sources.data,
    nowMs,
    notation: true,
    ...(input === undefined ? {} : { input }),
    ...(strictBuiltinErrors === undefined ? {} : { strictBuiltinErrors }),
  };
  const evaluated = await toolchain.eval({
    ...asked,
    query,
    ...(explain === undefined ? {} : { explain }),
    ...(coverage === undefined ? {} : { coverage }),
  });
  if (!evaluated.ok) return { ok: false, diagnostics: aboutQuery(evaluated.diagnostics) };
  const names = Object.keys(evaluated.result[0]?.bindings ?? {});
  if (names.length === 0) return evaluated;
  // Bindings come as JSON, whose numbers are doubles here; an expression comes as it is written.
  const again = await toolchain.eval({ ...asked, query: `${query}\n[${names.join(", ")}]` });
  return again.ok ? withBindings(evaluated, names, again) : evaluated;
}

function withBindings(
  evaluated: Evaluated,
  names: readonly string[],
  again: Evaluated,
): Checked<Evaluated> {
  const result = evaluated.result.map((solution, index) => {
    const notation = again.result[index]?.expressions.at(-1)?.notation;
    if (notation === undefined) return solution;
    const values = readExactJson(notation) as readonly JsonValue[];
    const bindings = Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]));
    return { ...solution, bindings };
  });
  return { ...evaluated, ok: true, result };
}

function asAnswer(query: string, evaluated: Checked<Evaluated>): Checked<EvalAnswer> {
  if (!evaluated.ok) return evaluated;
  const { result, output, explanation, coverage } = evaluated;
  return {
    ok: true,
    solutions: result.map(({ expressions, bindings }) => {
      const places = locateExpressions(
        toRego(query),
        expressions.map(({ text }) => text),
      );
      return {
        expressions: expressions.map(({ value, text, notation }, index) => ({
          value: notation === undefined ? value : readExactJson(notation),
          text,
          location: places[index] ?? { row: 1, col: 1 },
        })),
        bindings,
      };
    }),
    printed: output === "" ? [] : output.replace(/\n$/, "").split("\n"),
    ...(explanation === undefined ? {} : { explanation }),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

function runModule(
  { createEvaluator }: EvalDependencies,
  { wasm, entrypoint }: CompiledQuery,
  { sources, input, nowMs, strictBuiltinErrors = false }: EvalRequest,
): Outcome {
  // No text is no input: the module then leaves `input` undefined.
  const inputJson = input === undefined ? "" : JSON.stringify(input);
  const evaluator = createEvaluator(wasm, sources.data);
  const asked = { entrypoint, inputJson, nowMs, strictBuiltinErrors };
  const evaluation = evaluateDocument(evaluator, asked, readExactJson);
  if (evaluation.ok) {
    const printed = (evaluation.printed ?? []).flatMap((text) => text.split("\n"));
    return { ok: true, notation: evaluation.result, printed };
  }
  const diagnostic = { code: codeOf[evaluation.code], ...placeOf(evaluation.message) };
  return { ok: false, diagnostics: [diagnostic] };
}

/** The module says where a conflict is, in front of what it says of it. */
function placeOf(text: string): Omit<Diagnostic, "code"> {
  const [, file = "", row, col, message = text] = /^(.+?):(\d+):(\d+): (.*)$/s.exec(text) ?? [];
  return { message, file, row: Number(row ?? 0), col: Number(col ?? 0) };
}

/** In OPA's words where it has some. */
const codeOf: Readonly<Record<EvaluationErrorCode, string>> = {
  conflict: "eval_conflict_error",
  builtin: "eval_builtin_error",
  limit: "eval_limit_error",
  aborted: "eval_error",
};

interface CompiledQuery {
  readonly wasm: Uint8Array;
  readonly entrypoint: string;
}

/** The module of a bundle where it has the entrypoint, as it would decide; else one made for it. */
async function compileQuery(
  toolchain: Toolchain,
  { query, sources }: EvalRequest,
): Promise<Checked<CompiledQuery>> {
  const { files, data, compiled } = sources;
  const asked = findEntrypoint(query)?.join("/");
  if (compiled !== undefined && asked !== undefined && compiled.entrypoints.includes(asked)) {
    return { ok: true, wasm: compiled.wasm, entrypoint: asked };
  }
  const made = await toolchain.compile({
    files: [...files, wrapQuery(toRego(query))],
    data,
    entrypoints: [wrappedEntrypoint],
    print: true,
  });
  if (made.ok) return { ok: true, wasm: made.wasm, entrypoint: wrappedEntrypoint };
  const ofSources = made.diagnostics.filter(({ file }) => file !== queryFile);
  if (ofSources.length > 0) return { ok: false, diagnostics: ofSources };
  // Either no rule can hold the query, or it is wrong: only the interpreter reads it as it stands.
  const read = await toolchain.eval({ files, data, query: toRego(query) });
  if (!read.ok) return { ok: false, diagnostics: aboutQuery(read.diagnostics) };
  throw new BelayError(
    "usage",
    `\`${query}\` cannot be WebAssembly, which takes one expression without variables: use \`--engine topdown\``,
  );
}

async function evaluateByBoth(
  deps: EvalDependencies,
  request: EvalRequest,
): Promise<Checked<EvalAnswer>> {
  const module = await compileQuery(deps.toolchain, request);
  if (!module.ok) return module;
  const evaluated = await evaluateByTopdown(deps, request);
  const wasm = runModule(deps, module, request);
  const topdown: Outcome = evaluated.ok
    ? { ok: true, notation: notationOf(evaluated), printed: [] }
    : evaluated;
  const answer = asAnswer(request.query, evaluated);
  if (isSame(topdown, wasm)) return answer;
  const difference = { wasm: describe(wasm), topdown: describe(topdown) };
  const solved = answer.ok ? answer : { ok: true as const, solutions: [], printed: [] };
  return { ...solved, difference };
}

function notationOf({ result }: Evaluated): string | undefined {
  const expression = result[0]?.expressions[0];
  return expression && (expression.notation ?? JSON.stringify(expression.value));
}

/** Two failures are the same, whatever their words. */
function isSame(a: Outcome, b: Outcome): boolean {
  if (!a.ok || !b.ok) return a.ok === b.ok;
  if (a.notation === undefined || b.notation === undefined) return a.notation === b.notation;
  return equalValues(parseNotation(a.notation), parseNotation(b.notation));
}

function describe(outcome: Outcome): string {
  if (outcome.ok) return outcome.notation ?? "undefined";
  return outcome.diagnostics.map(({ code, message }) => `${code}: ${message}`).join("; ");
}

/** A place without a file is one in the query. */
function aboutQuery(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((one) =>
    one.file === "" && one.row > 0 ? { ...one, file: queryFile } : one,
  );
}
