/**
 * @module The port to a running policy. An implementer owes:
 * - `evaluate` is synchronous and pure: same entrypoint, input and clock, same answer;
 * - `time.now_ns` answers `nowMs` and nothing else; there is no randomness and no I/O;
 * - an evaluation that aborts is data (`ok: false`), and the next one is not affected by it;
 * - an undefined document is `{ ok: true, result: undefined }`, never an error.
 */

import type { JsonValue } from "../base/json.ts";

export type EvaluationErrorCode = "conflict" | "builtin" | "limit" | "aborted";

export type Evaluation =
  | { readonly ok: true; readonly result: JsonValue | undefined }
  | { readonly ok: false; readonly code: EvaluationErrorCode; readonly message: string };

export interface EvaluationRequest {
  /** As OPA writes it in a manifest: `belay/decision/answer`. */
  readonly entrypoint: string;
  /** The input document as JSON text. */
  readonly inputJson: string;
  /** The one clock reading of this evaluation, epoch milliseconds. */
  readonly nowMs: number;
}

export interface Evaluator {
  readonly entrypoints: readonly string[];
  evaluate(request: EvaluationRequest): Evaluation;
}
