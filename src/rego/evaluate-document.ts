/** @module An evaluation whose document has been read, too. */

import type { Evaluation, EvaluationRequest, Evaluator } from "./evaluator.ts";

export type EvaluatedDocument<Document> =
  | (Extract<Evaluation, { readonly ok: true }> & {
      /** Undefined where there is none. */
      readonly document: Document | undefined;
    })
  | Extract<Evaluation, { readonly ok: false }>;

/**
 * A document that `read` cannot read is a failed evaluation: for OPA's WebAssembly `to_number(".")`
 * is a number, and writes it as it stands.
 * @param read of value notation; throws SyntaxError where a text is not one value
 */
export function evaluateDocument<Document>(
  evaluator: Evaluator,
  request: EvaluationRequest,
  read: (notation: string) => Document,
): EvaluatedDocument<Document> {
  const evaluation = evaluator.evaluate(request);
  if (!evaluation.ok) return evaluation;
  try {
    const document = evaluation.result === undefined ? undefined : read(evaluation.result);
    return { ...evaluation, document };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = "the answer is no document: it holds a malformed number";
    return { ok: false, code: "aborted", message };
  }
}
