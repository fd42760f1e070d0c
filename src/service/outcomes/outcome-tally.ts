/** @module Counts of outcomes, and how long things took. */

/** Seconds. Each is a length that was seen: the smallest that so many parts of all do not exceed. */
export interface Lengths {
  readonly n: number;
  readonly median_s: number;
  readonly p90_s: number;
}

export interface OutcomeCounts {
  /** Questions whether to go on, by their answer. */
  readonly decisions: { allow: number; rollback: number; escalate: number };
  readonly rollbacks: {
    began: number;
    succeeded: number;
    failed: number;
    under_way: number;
    /** A check of the data failed within a day after they began. */
    followed_by_inconsistency: number;
  };
  /** From the first step to the end, of those that succeeded. */
  readonly rollback_lengths?: Lengths;
  /** From the first regression of the release until it was verified that the service has recovered. */
  readonly recovery_lengths?: Lengths;
  /** Plans and decisions that a human was asked about; asking again is not another question. */
  readonly escalations: {
    asked: number;
    proceed: number;
    hold: number;
    rollback: number;
    /** Answered by one person outside the rules; not among the others. */
    break_glass: number;
    unanswered: number;
  };
}

export class OutcomeTally {
  readonly decisions = { allow: 0, rollback: 0, escalate: 0 };
  readonly rollbacks = {
    began: 0,
    succeeded: 0,
    failed: 0,
    under_way: 0,
    followed_by_inconsistency: 0,
  };
  readonly escalations = {
    asked: 0,
    proceed: 0,
    hold: 0,
    rollback: 0,
    break_glass: 0,
    unanswered: 0,
  };
  readonly rollbackLengthsS: number[] = [];
  readonly recoveryLengthsS: number[] = [];

  counts(): OutcomeCounts {
    const { decisions, rollbacks, escalations } = this;
    const rollbackLengths = measure(this.rollbackLengthsS);
    const recoveryLengths = measure(this.recoveryLengthsS);
    return {
      decisions,
      rollbacks,
      ...(rollbackLengths === undefined ? {} : { rollback_lengths: rollbackLengths }),
      ...(recoveryLengths === undefined ? {} : { recovery_lengths: recoveryLengths }),
      escalations,
    };
  }
}

function measure(lengthsS: readonly number[]): Lengths | undefined {
  const sorted = lengthsS.toSorted((a, b) => a - b);
  const nearestRank = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { n: sorted.length, median_s: nearestRank(0.5), p90_s: nearestRank(0.9) };
}
