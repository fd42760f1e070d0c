/**
 * @module The port to a running policy. An implementer owes:
 * - `evaluate` is synchronous and pure: same entrypoint, input and clock, same answer;
 * - `time.now_ns` answers `nowMs` and nothing else; there is no randomness and no I/O;
 * - an evaluation that aborts is data (`ok: false`), and the next one is not affected by it;
 * - an undefined document is `{ ok: true, result: undefined }`, never an error;
 * - what an evaluation may use is bounded, in steps and in memory: beyond, it is `limit`.
 */

/**
 * `conflict`: two values for one document. `builtin`: a builtin failed, and that is an error only
 * under `strictBuiltinErrors`. `limit`: too many steps or too much memory. `aborted`: anything else.
 */
export type EvaluationErrorCode = "conflict" | "builtin" | "limit" | "aborted";

export type Evaluation =
  | {
      readonly ok: true;
      /** The document in value notation (`value-notation.ts`); undefined where there is none. */
      readonly result: string | undefined;
      /** Steps spent, the same on every machine; absent where an implementation counts none. */
      readonly steps?: number;
      /** What `print` wrote, one element a call, where the module was compiled with it. */
      readonly printed?: readonly string[];
    }
  | { readonly ok: false; readonly code: EvaluationErrorCode; readonly message: string };

export interface EvaluationRequest {
  /** As OPA writes it in a manifest: `belay/decision/answer`. */
  readonly entrypoint: string;
  /** The input document as JSON text; empty where `input` is undefined. */
  readonly inputJson: string;
  /** The one clock reading of this evaluation, epoch milliseconds. */
  readonly nowMs: number;
  /** A failing builtin ends the evaluation, where otherwise its expression is undefined. */
  readonly strictBuiltinErrors?: boolean;
}

export interface Evaluator {
  readonly entrypoints: readonly string[];
  evaluate(request: EvaluationRequest): Evaluation;
}
