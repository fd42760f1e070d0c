/** @module Whether an evaluation gave what a case wants, by OPA's own rule (`v1/topdown/exported_test.go`). */

import type { EvaluationErrorCode } from "../../src/rego/evaluator.ts";
import {
  compareValues,
  equalValues,
  RegoObject,
  RegoSet,
  type RegoValue,
} from "../../src/rego/value.ts";
import { formatNotation, withoutSets } from "../../src/rego/value-notation.ts";
import type { OpaCase } from "./opa-cases.ts";

/** What came of a query: its solutions, each an object of bindings, or an error. */
export type Outcome =
  | { readonly solutions: readonly RegoValue[] }
  | { readonly code: EvaluationErrorCode; readonly message: string };

/** OPA's error codes, by ours. The others are no error of an evaluation's result. */
const opaCodes: Readonly<Record<EvaluationErrorCode, readonly string[]>> = {
  conflict: ["eval_conflict_error"],
  builtin: ["eval_builtin_error", "eval_type_error"],
  limit: [],
  aborted: [],
};

export interface CaseOutcomes {
  readonly lenient: Outcome;
  /** Present where the case wants an error under strict builtin errors. */
  readonly strict: Outcome | undefined;
}

/** What is not as the case wants it, in words; undefined where all is. */
export function findDifference(
  { want }: OpaCase,
  { lenient, strict }: CaseOutcomes,
): string | undefined {
  if (want.kind === "result") return differsInSolutions(want.solutions, lenient, want.sortBindings);
  const failed = want.isStrict ? strict : lenient;
  const wanted = want.code ?? "an error";
  if (failed === undefined || !("code" in failed)) return `no error where ${wanted} is wanted`;
  if (want.code !== undefined && !opaCodes[failed.code].includes(want.code)) {
    return `${failed.code} error where ${wanted} is wanted: ${failed.message}`;
  }
  return want.isStrict ? differsInSolutions(want.solutions ?? [], lenient, false) : undefined;
}

function differsInSolutions(
  solutions: readonly RegoObject[],
  outcome: Outcome,
  sortBindings: boolean,
): string | undefined {
  if ("code" in outcome) return `${outcome.code} error: ${outcome.message}`;
  const wanted = new RegoSet(solutions);
  const found = new RegoSet(outcome.solutions.map((one) => comparable(one, sortBindings)));
  if (equalValues(wanted, found)) return undefined;
  return `${formatNotation(found)} where ${formatNotation(wanted)} is wanted`;
}

/** As OPA compares: sets as arrays in order, and keys that are no strings as their text. */
function comparable(bindings: RegoValue, sortBindings: boolean): RegoValue {
  const plain = withoutSets(bindings);
  if (!sortBindings || !(plain instanceof RegoObject)) return plain;
  return new RegoObject(
    plain.entries.map(([name, value]) => [
      name,
      Array.isArray(value) ? [...(value as readonly RegoValue[])].sort(compareValues) : value,
    ]),
  );
}
