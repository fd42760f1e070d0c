/** @module How long a decision may be acted on, and what must still be so. */

import type { JsonValue } from "../../base/json.ts";
import type { Validity } from "../decision.ts";
import { findAtPointer } from "../json-pointer.ts";
import type { Outcome } from "./outcome.ts";

/** Health changes from minute to minute, and gates ask every ten to sixty seconds. */
const allowForMs = 60_000;
/** Long enough to carry out a plan; after that, somebody may have changed things by hand. */
const rollbackForMs = 15 * 60_000;
/** As long as it may take a human who was paged to look. */
const escalateForMs = 15 * 60_000;

/** The release that was judged and the version to go back to, as far as they are named. */
const places = [
  "/release/id",
  "/release/candidate/version",
  "/release/candidate/digest",
  "/release/stable/version",
  "/release/stable/digest",
  "/release/stage/index",
];

/** For how long the decision may be acted on, in milliseconds. */
export function durationOf({ verdict, retryAfterMs }: Outcome): number {
  const forMs = { allow: allowForMs, rollback: rollbackForMs, escalate: escalateForMs }[verdict];
  return retryAfterMs ?? forMs;
}

export function createValidity(outcome: Outcome): Validity {
  const { input } = outcome;
  const decidedAtMs = input.request.now_ms;
  return {
    decided_at_ms: decidedAtMs,
    expires_at_ms: decidedAtMs + durationOf(outcome),
    valid_while: places.flatMap((path) => {
      const value: JsonValue | undefined = findAtPointer(input, path);
      return value === undefined ? [] : [{ path, value }];
    }),
  };
}
