import * as fc from "fast-check";
import { expect, test } from "vitest";
import { testFisherExact } from "./fisher-exact.ts";
import { pair } from "./proportion-pair.fixture.ts";
import { hasSmallExpectedCount, type ProportionPair } from "./proportion-pair.ts";

test.each([
  [6, 120, 0, 1_080, "8.9187e-7"],
  [3, 100, 0, 900, "9.73117e-4"],
  [1, 20, 3, 9_000, "8.84119e-3"],
  [2, 50, 0, 50, "2.47475e-1"],
])("bad %i of %i against %i of %i: p is %s", (a, n, b, m, p) => {
  const digits = p.indexOf("e") - 2;
  expect(testFisherExact(pair(a, n, b, m)).toExponential(digits)).toBe(p);
});

test.each([
  ["nothing bad anywhere", 0, 100, 0, 900],
  ["everything bad everywhere", 100, 100, 900, 900],
  ["only the baseline bad", 0, 100, 3, 900],
  ["one event each, both bad", 1, 1, 1, 1],
])("%s is no evidence", (_name, a, n, b, m) => {
  expect(testFisherExact(pair(a, n, b, m))).toBe(1);
});

/** The same probability by counting, in whole numbers of any size. */
function countTail({ badCandidate, totalCandidate, badBaseline, totalBaseline }: ProportionPair) {
  const bad = badCandidate + badBaseline;
  let ways = 0n;
  for (let x = badCandidate; x <= Math.min(bad, totalCandidate); x += 1) {
    ways += choose(totalCandidate, x) * choose(totalBaseline, bad - x);
  }
  const all = choose(totalCandidate + totalBaseline, bad);
  return Number((ways * 10n ** 30n) / all) / 1e30;
}

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let ways = 1n;
  for (let i = 1; i <= k; i += 1) ways = (ways * BigInt(n - k + i)) / BigInt(i);
  return ways;
}

test("it agrees with counting, digit for digit", () => {
  const total = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(total, total, fc.nat(), fc.nat(), (n, m, x, y) => {
      const table = pair(x % (n + 1), n, y % (m + 1), m);
      fc.pre(hasSmallExpectedCount(table));
      const counted = countTail(table);
      expect(Math.abs(testFisherExact(table) - counted)).toBeLessThanOrEqual(
        counted * 1e-12 + 1e-29,
      );
    }),
    { numRuns: 500 },
  );
});

// In the limit of a huge sample the bad events of a small one follow Poisson's law.
test.each([
  [3, 1_000_000, 1e9, 2 ** 53 - 1],
  [1, 5_000_000, 5e8, 2 ** 53 - 1],
  [7, 9_007_199, 1e9, 2 ** 53 - 1],
])("it keeps its digits at %i of %i against %i of %i", (a, n, b, m) => {
  const mean = (n / (n + m)) * (a + b);
  let tail = 1;
  for (let x = 0, term = Math.exp(-mean); x < a; x += 1, term *= mean / x) tail -= term;
  expect(testFisherExact(pair(a, n, b, m)) / tail).toBeCloseTo(1, 5);
});

test("counts of any size give a probability, in no time", () => {
  const total = fc.oneof(
    fc.constantFrom(1, 2, 2 ** 31, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER),
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  );
  const nearAnEnd = fc.tuple(fc.boolean(), fc.nat(20), fc.maxSafeNat());
  const startedMs = Date.now();
  fc.assert(
    fc.property(total, total, nearAnEnd, nearAnEnd, (n, m, x, y) => {
      const [a, b] = [badOf(n, x), badOf(m, y)];
      const table = pair(a, n, b, m);
      fc.pre(hasSmallExpectedCount(table));
      const p = testFisherExact(table);
      expect(p >= 0 && p <= 1).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});

function badOf(total: number, [few, small, any]: readonly [boolean, number, number]): number {
  const some = small % 2 === 0 ? Math.min(total, small) : any % total;
  return few ? some : total - some;
}

test("more bad events of the candidate are never less telling", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1e9 }), fc.nat(4), fc.nat(4), (m, a, b) => {
      const n = 10;
      fc.pre(b <= m && hasSmallExpectedCount(pair(a + 1, n, b, m)));
      const fewer = testFisherExact(pair(a, n, b, m));
      expect(testFisherExact(pair(a + 1, n, b, m))).toBeLessThanOrEqual(fewer * (1 + 1e-12));
    }),
  );
});

test("a table that is large enough for the other test is refused", () => {
  const large = pair(50, 1_000, 50, 1_000);
  expect(hasSmallExpectedCount(large)).toBe(false);
  expect(() => testFisherExact(large)).toThrow("the exact test is for small expected counts");
});

test.each([
  [5, 100, 5, 100, false],
  [5, 100, 4, 100, true],
  [95, 100, 96, 100, true],
  [1, 20, 3, 9_000, true],
  [12, 1_000, 10, 9_000, true],
  [30, 1_000, 90, 9_000, false],
])("bad %i of %i against %i of %i has a small expected count: %o", (a, n, b, m, small) => {
  expect(hasSmallExpectedCount(pair(a, n, b, m))).toBe(small);
});
