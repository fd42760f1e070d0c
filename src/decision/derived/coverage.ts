/** @module How much of the evidence that was asked for is there. */

import type { DecisionRequest } from "../request.ts";

export type Coverage = {
  /** Signals of status `ok`: such a signal has a value, counts, windows or a series. */
  readonly ok: number;
  /** All signals of the request. */
  readonly expected: number;
};

export function deriveCoverage(request: DecisionRequest): Coverage {
  const { signals } = request.health;
  return {
    ok: signals.filter((signal) => signal.status === "ok").length,
    expected: signals.length,
  };
}
