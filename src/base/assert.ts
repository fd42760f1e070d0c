/** @module Invariants. A failed assertion is a defect of Belay, never of the caller's input. */

import { BelayError } from "./errors.ts";

/** Throws `internal` when `condition` is false. `message` says what should have held. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BelayError("internal", `invariant broken: ${message}`);
}
