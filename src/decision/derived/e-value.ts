/**
 * @module Evidence that may be looked at as often as one likes: a test martingale for counts of bad
 * events.
 *
 * Had the release kept to its budget, the chance that this number ever reaches 1/alpha, at whatever
 * count, would be alpha at most (Ville's inequality). So a gate may ask every minute and stop when
 * it likes, which an ordinary p-value does not allow.
 *
 * Sources: H. Robbins, "Statistical methods related to the law of the iterated logarithm" (1970);
 * R. E. Krichevsky, V. K. Trofimov, "The performance of universal encoding" (1981), for the mixture
 * by Beta(1/2, 1/2); S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences" (2021), for its one-sided form.
 */

/** Ratios of bad events that are held against the budget. */
const alternativeCount = 24;
/** So that no evidence, however strong, leaves the range of numbers. */
const eValueMax = 1e300;
/** Below this a term, in logarithms, adds nothing that anybody could call evidence. */
const negligible = -50;

/**
 * The likelihood of `bad` of `total` events, averaged over ratios above `p0`, over that at `p0`;
 * 0 .. 1e300. Requires 1e-300 < p0 < 1 and 0 <= bad <= total.
 *
 * The average is by Beta(1/2, 1/2) cut off below `p0`, with the part of each of 24 intervals, of
 * equal widths on a logarithmic scale, put on one ratio within. A sum of likelihood ratios against
 * fixed alternatives above `p0` is a test martingale for `p0`, and falls under every smaller ratio,
 * whatever the weights; so nothing is lost by the intervals but a little power.
 */
export function deriveEValue(bad: number, total: number, p0: number): number {
  const { logWeights, perBad, perGood } = alternativesTo(p0);
  const good = total - bad;
  let sum = 0;
  for (let index = 0; index < alternativeCount; index += 1) {
    const log = at(logWeights, index) + bad * at(perBad, index) + good * at(perGood, index);
    if (log > negligible) sum += Math.exp(log);
  }
  return Math.min(eValueMax, sum);
}

/** In logarithms: the weight of each alternative, and what one event adds to its likelihood ratio. */
interface Alternatives {
  readonly logWeights: readonly number[];
  readonly perBad: readonly number[];
  readonly perGood: readonly number[];
}

/** Objectives are few, and their alternatives cost more than an evaluation. */
const known = new Map<number, Alternatives>();
const knownMax = 100;

function alternativesTo(p0: number): Alternatives {
  const before = known.get(p0);
  if (before !== undefined) return before;
  const made = createAlternatives(p0);
  if (known.size < knownMax) known.set(p0, made);
  return made;
}

function createAlternatives(p0: number): Alternatives {
  const logWidth = -Math.log(p0) / alternativeCount;
  const bounds = Array.from({ length: alternativeCount + 1 }, (_, index) =>
    index === alternativeCount ? 1 : Math.min(1, p0 * Math.exp(index * logWidth)),
  );
  const ratios = bounds.slice(1).map((to, index) => Math.sqrt(to * at(bounds, index)));
  const massAbove = 1 - massBelow(p0);
  return {
    logWeights: bounds
      .slice(1)
      .map((to, index) => Math.log((massBelow(to) - massBelow(at(bounds, index))) / massAbove)),
    perBad: ratios.map((ratio) => Math.log(ratio) - Math.log(p0)),
    perGood: ratios.map((ratio) => Math.log1p(-ratio) - Math.log1p(-p0)),
  };
}

/** The part of Beta(1/2, 1/2) below `ratio`: the arcsine law. */
function massBelow(ratio: number): number {
  return (2 / Math.PI) * Math.asin(Math.sqrt(ratio));
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
