/** @module Pairs of proportions as tests write them: bad of all, against bad of all. */

import type { ProportionPair } from "./proportion-pair.ts";

export function pair(
  badCandidate: number,
  totalCandidate: number,
  badBaseline: number,
  totalBaseline: number,
): ProportionPair {
  return { badCandidate, totalCandidate, badBaseline, totalBaseline };
}
