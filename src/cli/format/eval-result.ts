/** @module What a query gave, in the forms that `opa eval` has. */

import { formatGoJson, type GoValue } from "../../base/exact-json.ts";
import type { JsonValue } from "../../base/json.ts";
import type { EvalAnswer, EvalSolution } from "../../service/eval.ts";
import { plain } from "../terminal.ts";
import { tableLines } from "./table.ts";

type EvalFormat = (answer: EvalAnswer) => readonly string[];

/** Lines to print, by the name of the format. */
export const evalFormats = {
  pretty: prettyLines,
  json: (answer) => [formatGoJson(jsonDocument(answer), 2)],
  raw: ({ solutions }) =>
    solutions.map(({ expressions }) => expressions.map(({ value }) => rawText(value)).join(" ")),
  values: ({ solutions }) =>
    solutions.map(({ expressions }) =>
      formatGoJson(
        expressions.map(({ value }) => value),
        2,
      ),
    ),
  bindings: ({ solutions }) => solutions.map(({ bindings }) => formatGoJson(bindings, 2)),
} as const satisfies Readonly<Record<string, EvalFormat>>;

function jsonDocument({ solutions, explanation, coverage }: EvalAnswer): GoValue {
  return new Map<string, GoValue>([
    ...(solutions.length === 0 ? [] : [["result", solutions.map(solutionStruct)] as const]),
    ...(explanation === undefined ? [] : [["explanation", explanation] as const]),
    ...(coverage === undefined
      ? []
      : [["coverage", inOrder(coverage as unknown as JsonValue)] as const]),
  ]);
}

function solutionStruct({ expressions, bindings }: EvalSolution): GoValue {
  return new Map<string, GoValue>([
    [
      "expressions",
      expressions.map(
        ({ value, text, location }) =>
          new Map<string, GoValue>([
            ["value", value],
            ["text", text],
            ["location", new Map(Object.entries(location))],
          ]),
      ),
    ],
    ...(Object.keys(bindings).length === 0 ? [] : [["bindings", bindings] as const]),
  ]);
}

/** A report that OPA made has its members in their order. */
function inOrder(value: JsonValue): GoValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, inOrder(member)]));
}

function rawText(value: JsonValue): string {
  return typeof value === "string" ? value : formatGoJson(value);
}

function prettyLines({ solutions, explanation, coverage }: EvalAnswer): readonly string[] {
  const percent = coverage?.coverage.toFixed(2);
  return [
    ...(explanation ?? []),
    ...resultLines(solutions),
    ...(percent === undefined ? [] : tableLines([], [["Overall Coverage", percent]])),
  ].map(plain);
}

/** One value as JSON; else a table with a row for each solution. */
function resultLines(solutions: readonly EvalSolution[]): readonly string[] {
  const [first] = solutions;
  if (first === undefined) return ["undefined"];
  const isBoolean = first.expressions.map(({ value }) => typeof value === "boolean");
  const names = Object.keys(first.bindings).sort();
  const isOne = solutions.length === 1 && names.length === 0;
  if (isOne && (isBoolean.length === 1 || isBoolean.every(Boolean))) {
    return [formatGoJson(first.expressions[0]?.value ?? null, 2)];
  }
  // That an expression was true is worth a column only where there is no other.
  const shown = [...isBoolean.keys()].filter((at) => isBoolean[at] !== true || names.length === 0);
  const head = [...shown.map((at) => first.expressions[at]?.text ?? ""), ...names];
  const rows = solutions.map(({ expressions, bindings }) => [
    ...shown.map((at) => formatGoJson(expressions[at]?.value ?? null)),
    ...names.map((name) => formatGoJson(bindings[name] ?? null)),
  ]);
  return tableLines(head, rows);
}
