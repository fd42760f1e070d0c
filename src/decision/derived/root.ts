/**
 * @module The root of a function of one variable, by Brent's method.
 *
 * Source: R. P. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4, as R's
 * `uniroot` and Kayenta carry it out: their order of steps, so that a step
 * function, which has no exact root, gives the same point of the jump.
 */

const iterationsMax = 1_000;

interface Point {
  readonly at: number;
  readonly value: number;
}

/**
 * A root of `f` between `lo` and `hi`, where its values must have different signs or one be 0; to
 * `tolerance`, and for a step function a point within that of the jump over 0.
 */
export function solveRoot(
  f: (at: number) => number,
  lo: number,
  hi: number,
  tolerance: number,
): number {
  let previous: Point = { at: lo, value: f(lo) };
  let best: Point = { at: hi, value: f(hi) };
  if (previous.value === 0) return previous.at;
  // The end on the other side of the root.
  let opposite = previous;
  for (let iteration = 0; iteration <= iterationsMax; iteration += 1) {
    const lastStep = best.at - previous.at;
    if (Math.abs(opposite.value) < Math.abs(best.value)) {
      [previous, best, opposite] = [best, opposite, best];
    }
    const enough = 2 * Number.EPSILON * Math.abs(best.at) + tolerance / 2;
    const half = (opposite.at - best.at) / 2;
    if (Math.abs(half) <= enough || best.value === 0) return best.at;

    const isWorthIt =
      Math.abs(lastStep) >= enough && Math.abs(previous.value) > Math.abs(best.value);
    const wanted = (isWorthIt && interpolate(previous, best, opposite, lastStep, enough)) || half;
    const step = Math.abs(wanted) < enough ? Math.sign(wanted) * enough : wanted;
    previous = best;
    const at = best.at + step;
    best = { at, value: f(at) };
    if (best.value * opposite.value > 0) opposite = previous;
  }
  return best.at;
}

/**
 * The step of linear (with two points) or inverse quadratic interpolation; undefined where it leaves
 * the interval or is no smaller than half of the step before last.
 */
function interpolate(
  previous: Point,
  best: Point,
  opposite: Point,
  lastStep: number,
  enough: number,
): number | undefined {
  const width = opposite.at - best.at;
  let over: number;
  let under: number;
  if (previous.at === opposite.at) {
    const slope = best.value / previous.value;
    over = width * slope;
    under = 1 - slope;
  } else {
    const q = previous.value / opposite.value;
    const r = best.value / opposite.value;
    const s = best.value / previous.value;
    over = s * (width * q * (q - r) - lastStep * (r - 1));
    under = (q - 1) * (r - 1) * (s - 1);
  }
  if (over > 0) under = -under;
  else over = -over;
  const isInside = over < 0.75 * width * under - Math.abs(enough * under) / 2;
  return isInside && over < Math.abs((lastStep * under) / 2) ? over / under : undefined;
}
