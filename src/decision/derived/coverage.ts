/** @module How much of the evidence that was asked for is there. */

import type { DecisionRequest } from "../request.ts";
import { roundDerived } from "./round.ts";

export type Coverage = {
  /** Signals of status `ok`: such a signal has a value, counts, windows or a series. */
  readonly ok: number;
  /** All signals of the request. */
  readonly expected: number;
  /** `ok` of `expected`, 0..1; null without any signal. */
  readonly ratio: number | null;
};

export function deriveCoverage(request: DecisionRequest): Coverage {
  const { signals } = request.health;
  const ok = signals.filter((signal) => signal.status === "ok").length;
  const expected = signals.length;
  return { ok, expected, ratio: expected === 0 ? null : roundDerived(ok / expected) };
}
