/** @module Samples as tests write them: in any order, control first, as Kayenta's tests do. */

import type { SamplePair } from "./mann-whitney.ts";

export function samples(control: readonly number[], experiment: readonly number[]): SamplePair {
  const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
  return { candidate: sorted(experiment), baseline: sorted(control) };
}

/** spinnaker/spinnaker#5622: nothing before, five errors now, and Kayenta passes it. */
export const sparseErrors = {
  control: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  experiment: [0, 0.048, 0, 0.18, 0.089, 0, 0.098, 0.035, 0, 0],
};

/** Kayenta's MannWhitneySuite, "Tie out with R Version". */
export const tieOut = {
  control: [
    1.5, 6, 5, 2.5, 2.5, 2, 2, 3.5, 3, 3, 3, 2, 3, 8, 4, 2.5, 3, 2.5, 2.5, 2, 2.5, 2, 2, 2.5, 3.5,
    3, 1.5, 5, 2.5, 5.5, 2, 2.5, 3.5, 2, 2.5, 4, 2, 2, 2, 2, 5.5, 4.5, 4, 3, 3, 3.5, 2.5, 3, 2.5, 4,
    6, 2, 5, 6, 3.5, 3, 54.5, 3, 5, 6, 3.5, 4.5, 2.5, 2, 6, 5, 2.5, 3.5, 2, 3, 2.5, 3.5, 3.5, 2.5,
    3, 4.5, 3, 15.5, 5, 2.5, 3, 4, 3.5, 4, 4, 2, 4.5, 2.5, 4, 3,
  ],
  experiment: [
    2.5, 2.5, 2, 2.5, 3.5, 2, 3.5, 1.5, 3, 3, 2.5, 3.5, 2, 2.5, 2, 2, 5, 3, 2, 1.5, 2, 4, 3, 2.5, 3,
    2, 2, 2, 2.5, 3.5, 1.5, 1.5, 3.5, 2, 2.5, 2.5, 3, 3.5, 2.5, 6.5, 2.5, 4, 2.5, 3, 2.5, 6.5, 2.5,
    3, 1.5, 2, 2.5, 3, 7.5, 1.5, 2, 4, 2.5, 2, 2.5, 3.5, 4, 2.5, 3, 2.5, 2, 3.5, 3, 16.5, 3, 3, 7,
    4.5, 5, 2, 3.5, 6, 1.5, 3, 2.5, 4, 3, 1.5, 5, 3, 2.5, 5.5, 3, 1.5, 2.5, 6,
  ],
};
