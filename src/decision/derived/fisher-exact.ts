/**
 * @module Fisher's exact test, one-sided: how likely is a candidate with at least this many bad
 * events, if the bad events of both samples were dealt out at random?
 *
 * That is the upper tail of a hypergeometric distribution. Its first term is computed by Loader's
 * saddle-point expansion, which keeps full relative accuracy for any size of sample, where a
 * difference of log-gammas would be left with none; the others follow by recurrence.
 *
 * Sources: R. A. Fisher, "Statistical Methods for Research Workers" (1934), 21.02; C. Loader, "Fast
 * and accurate computation of binomial probabilities" (2000).
 */

import gammaln from "@stdlib/math-base-special-gammaln";
import { assert } from "../../base/assert.ts";
import { hasSmallExpectedCount, type ProportionPair } from "./proportion-pair.ts";

/**
 * P(bad events of the candidate >= those seen), given all four margins; 0..1, and 0 where it is too
 * small for a double.
 *
 * Only for tables with some expected count below five. There the distribution has a standard
 * deviation below 2.3, so that a few dozen terms hold all of either tail, whatever the counts.
 */
export function testFisherExact(pair: ProportionPair): number {
  assert(hasSmallExpectedCount(pair), "the exact test is for small expected counts");
  const table = tableOf(pair);
  const total = pair.totalCandidate + pair.totalBaseline;
  const mean = (pair.totalCandidate / total) * (table.badCandidate + table.badBaseline);
  // The terms fall from the mean on, towards both ends: sum the tail that starts at the fall.
  if (table.badCandidate > mean) return Math.min(1, sumTail(table));
  const below = moveOneBadToBaseline(table);
  return below === undefined ? 1 : Math.max(0, 1 - sumTail(mirror(below)));
}

/** The four cells. */
interface Table {
  readonly badCandidate: number;
  readonly goodCandidate: number;
  readonly badBaseline: number;
  readonly goodBaseline: number;
}

function tableOf(pair: ProportionPair): Table {
  return {
    badCandidate: pair.badCandidate,
    goodCandidate: pair.totalCandidate - pair.badCandidate,
    badBaseline: pair.badBaseline,
    goodBaseline: pair.totalBaseline - pair.badBaseline,
  };
}

/** The neighbouring table of the same margins; undefined where there is none. */
function moveOneBadToBaseline(table: Table): Table | undefined {
  if (table.badCandidate === 0 || table.goodBaseline === 0) return undefined;
  return {
    badCandidate: table.badCandidate - 1,
    goodCandidate: table.goodCandidate + 1,
    badBaseline: table.badBaseline + 1,
    goodBaseline: table.goodBaseline - 1,
  };
}

/** The two samples exchanged: fewer bad events of one are more of the other. */
function mirror(table: Table): Table {
  return {
    badCandidate: table.badBaseline,
    goodCandidate: table.goodBaseline,
    badBaseline: table.badCandidate,
    goodBaseline: table.goodCandidate,
  };
}

/** Terms that no longer change the sum of a double. */
const negligible = 2 ** -60;

/** The probability of `table` and of all tables with more bad events of the candidate. */
function sumTail(table: Table): number {
  let { badCandidate, goodCandidate, badBaseline, goodBaseline } = table;
  let term = Math.exp(logProbability(table));
  let sum = term;
  while (badBaseline > 0 && goodCandidate > 0 && term > sum * negligible) {
    badCandidate += 1;
    goodBaseline += 1;
    term *= (badBaseline / badCandidate) * (goodCandidate / goodBaseline);
    badBaseline -= 1;
    goodCandidate -= 1;
    sum += term;
  }
  return sum;
}

/**
 * ln of the hypergeometric probability of `table`, as three binomial ones: bad events among the
 * candidate's, good ones among the candidate's, over all of the candidate's among all.
 */
function logProbability(table: Table): number {
  const { badCandidate, goodCandidate, badBaseline, goodBaseline } = table;
  const candidate = badCandidate + goodCandidate;
  const baseline = badBaseline + goodBaseline;
  const p = candidate / (candidate + baseline);
  const q = baseline / (candidate + baseline);
  return (
    logBinomial(badCandidate, badBaseline, p, q) +
    logBinomial(goodCandidate, goodBaseline, p, q) -
    logBinomial(candidate, baseline, p, q)
  );
}

/** ln of C(x + y, x) p^x q^y for whole x, y >= 0 and p + q = 1, 0 < p < 1. */
function logBinomial(x: number, y: number, p: number, q: number): number {
  const n = x + y;
  if (x === 0) return y * logComplement(p, q);
  if (y === 0) return x * logComplement(q, p);
  return (
    logStirlingError(n) -
    logStirlingError(x) -
    logStirlingError(y) -
    deviance(x, n * p) -
    deviance(y, n * q) +
    Math.log(n / x / y / (2 * Math.PI)) / 2
  );
}

/** ln(1 - p), where `q` is 1 - p; accurate for p near 0, where `q` has lost the digits. */
function logComplement(p: number, q: number): number {
  return p < 0.5 ? Math.log1p(-p) : Math.log(q);
}

/** ln n! - ln(sqrt(2 pi n) (n/e)^n), the error of Stirling's formula, for whole n >= 1. */
function logStirlingError(n: number): number {
  if (n <= 15) {
    return gammaln(n + 1) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2;
  }
  const n2 = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1_260 - (1 / 1_680 - 1 / 1_188 / n2) / n2) / n2) / n2) / n;
}

/** Loader's D0: x ln(x/m) + m - x for x, m > 0, without cancellation where x is close to m. */
function deviance(x: number, m: number): number {
  const v = (x - m) / (x + m);
  if (Math.abs(v) >= 0.1) return x * Math.log(x / m) + m - x;
  // x ln(x/m) = x ln((1+v)/(1-v)) = 2x (v + v^3/3 + v^5/5 + ...)
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let k = 3; ; k += 2) {
    power *= v * v;
    const next = sum + power / k;
    if (next === sum) return sum;
    sum = next;
  }
}
