/** @module Outliers, by Tukey's fences with the percentiles that Kayenta uses. */

/** Kayenta's factor of the interquartile range. */
const factorDefault = 3;

/**
 * The values within the fences: from the first quartile less `factor` times the interquartile range,
 * or the 1st percentile where that is lower, to the mirror image of it. `values` in ascending order.
 *
 * Source: J. W. Tukey, "Exploratory Data Analysis" (1977), 2D.
 */
export function removeOutliers(
  values: readonly number[],
  factor: number = factorDefault,
): readonly number[] {
  if (values.length === 0) return values;
  const [lower, upper] = [computePercentile(values, 25), computePercentile(values, 75)];
  const range = upper - lower;
  const least = Math.min(computePercentile(values, 1), lower - factor * range);
  const most = Math.max(computePercentile(values, 99), upper + factor * range);
  return values.filter((value) => value >= least && value <= most);
}

/**
 * The `percent`th percentile of `values`, which are in ascending order and not empty; between two of
 * them on the line that joins them.
 *
 * Source: R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages" (1996), definition 7.
 */
export function computePercentile(values: readonly number[], percent: number): number {
  const at = ((values.length - 1) * percent) / 100;
  const below = Math.floor(at);
  const [lower = 0, upper = lower] = values.slice(below, below + 2);
  return lower + (at - below) * (upper - lower);
}
