/**
 * @module What the host of a compiled policy owes it: the builtins that OPA's WebAssembly asks for.
 * Arguments and results are values in value notation (`../value-notation.ts`), as bytes, because a
 * Rego string may hold bytes that are no UTF-8 and must pass unchanged.
 *
 * A builtin is synchronous and pure but for the clock it is given, and bounds its own time and
 * memory: an argument can come from a request.
 */

/** One object for each evaluation: what an evaluation may use of a builtin is counted by it. */
export interface BuiltinContext {
  /** The one clock reading of the evaluation, epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * Gives the result, or undefined where the call is undefined without being an error.
 * @throws BuiltinError where OPA reports an error: undefined to the policy, unless it is strict
 * @throws BuiltinLimit where it would need more than it may have
 */
export type HostBuiltin = (
  args: readonly Uint8Array[],
  context: BuiltinContext,
) => Uint8Array | undefined;

export class BuiltinError extends Error {
  /** OPA's own words, such as `time.parse_ns: parsing time "x" as …`. */
  override readonly name = "BuiltinError";
}

/** The call needs more steps or memory than it may have; the evaluation ends as `limit`. */
export class BuiltinLimit extends RangeError {
  override readonly name = "BuiltinLimit";
}

/** Finds a builtin by the name OPA gives it. */
export type FindBuiltin = (name: string) => HostBuiltin | undefined;
