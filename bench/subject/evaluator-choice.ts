/** @module Which evaluator decides in a Belay that is measured. */

/** The one that is shipped, npm's host for OPA's modules, or one that evaluates only once. */
export type EvaluatorChoice = "shipped" | "opa-wasm" | "canned";

/** Names the choice to the process that is started. */
export const evaluatorVariable = "BELAY_BENCH_EVALUATOR";
