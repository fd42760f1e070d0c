/** @module How Kayenta's NetflixACAJudge classifies one metric. */

import { deriveShift, deriveSuperiority, type SamplePair, type Shift } from "../mann-whitney.ts";
import { deriveMeanRatio } from "../series-pair.ts";

export type MetricLabel = "pass" | "high" | "low" | "nodata" | "nodata_fail_metric";

/** How one metric is classified. */
export interface MetricRule {
  readonly direction: "increase" | "decrease" | "either";
  readonly effect: "mean_ratio" | "cles";
  readonly allowedIncrease: number;
  readonly allowedDecrease: number;
  readonly criticalIncrease: number;
  readonly criticalDecrease: number;
  readonly nan: "remove" | "replace";
  readonly mustHaveData: boolean;
  readonly isCritical: boolean;
  /** Part of the estimate that the interval has to clear. */
  readonly toleranceRatio: number;
  /** Normal quantile of the interval. */
  readonly z: number;
}

export interface Classification {
  readonly label: MetricLabel;
  /** Whether it fails the whole judgement by itself. */
  readonly critical: boolean;
  /** Null where there was nothing to compute, or no need to. */
  readonly shift: Shift | null;
  /** Null where it cannot be computed: its limits are passed over then. */
  readonly effect: number | null;
}

/** Kayenta's tolerance of the ends of an interval, in the unit of the metric. */
const rootTolerance = 1e-4;

/** Samples in ascending order; either may be empty. */
export function classifyMetric(pair: SamplePair, rule: MetricRule): Classification {
  const { candidate, baseline } = pair;
  if (candidate.length === 0 || baseline.length === 0) return classifyNothing(rule);
  const isIdentical =
    candidate.length === baseline.length &&
    candidate.every((value, index) => value === baseline[index]);
  const isOneValue =
    candidate[0] === baseline[0] &&
    candidate.at(-1) === candidate[0] &&
    baseline.at(-1) === baseline[0];
  if (isIdentical || isOneValue) return { label: "pass", critical: false, shift: null, effect: 1 };

  // However far apart the values are, a root is found in a bounded number of steps.
  const span = spanOf(candidate) + spanOf(baseline);
  const shift = deriveShift(pair, rule.z, Math.max(rootTolerance, span * 1e-12));
  const effect = rule.effect === "cles" ? deriveSuperiority(pair) : deriveMeanRatio(pair);
  const bound = rule.toleranceRatio * Math.abs(shift.estimate);
  const atLeast = (limit: number): boolean => effect === null || effect >= limit;
  const atMost = (limit: number): boolean => effect === null || effect <= limit;
  if (rule.direction !== "decrease" && shift.lo > bound && atLeast(rule.allowedIncrease)) {
    const critical = rule.isCritical && atLeast(rule.criticalIncrease);
    return { label: "high", critical, shift, effect };
  }
  if (rule.direction !== "increase" && shift.hi < -bound && atMost(rule.allowedDecrease)) {
    const critical = rule.isCritical && atMost(rule.criticalDecrease);
    return { label: "low", critical, shift, effect };
  }
  return { label: "pass", critical: false, shift, effect };
}

function spanOf(values: readonly number[]): number {
  return (values.at(-1) ?? 0) - (values[0] ?? 0);
}

/** As Kayenta has it: without data, and with missing values taken for 0, a metric passes. */
function classifyNothing({ nan, mustHaveData, isCritical }: MetricRule): Classification {
  const nothing = { shift: null, effect: null };
  if (nan === "replace") return { label: "pass", critical: false, ...nothing };
  return mustHaveData && !isCritical
    ? { label: "nodata_fail_metric", critical: false, ...nothing }
    : { label: "nodata", critical: isCritical, ...nothing };
}
