import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { deriveComparisons } from "./compare.ts";
import { deriveCoverage } from "./coverage.ts";

const clock = { nowMs: 1_767_225_600_000, skewMs: 0 };

function parse(...signals: object[]): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health: { signals } }, clock);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const errors = { id: "errors", sli: "availability" };
const candidate = { ...errors, bad: 30, total: 1_000 };
const stable = { ...errors, population: "stable", bad: 90, total: 9_000 };
const baseline = { ...errors, population: "baseline", bad: 11, total: 1_100 };

test("large counts are compared by the two-proportion test", () => {
  expect(deriveComparisons(parse(candidate, stable))).toEqual([
    {
      signal: "errors",
      service: "checkout",
      sli: "availability",
      direction: "lower_better",
      method: "two_proportion",
      population_baseline: "stable",
      estimate: 0.02,
      lo: 0.0108078056784,
      hi: 0.0326405237137,
      effect: 3,
      z2: 30.3643724696,
      p_value: 1.7902210454e-8,
      bad_candidate: 30,
      n_candidate: 1_000,
      bad_baseline: 90,
      n_baseline: 9_000,
      ratio_candidate: 0.03,
      ratio_baseline: 0.01,
    },
  ]);
});

test("small counts are compared by the exact test, and over nothing there is no effect", () => {
  const zero = { ...stable, bad: 0, total: 900 };
  expect(
    deriveComparisons(parse({ ...errors, bad: 3, total: 100, critical: true }, zero)),
  ).toMatchObject([
    { method: "fisher_exact", critical: true, effect: null, z2: null, p_value: 9.73117405983e-4 },
  ]);
});

function listBaselines(...signals: object[]): string[] {
  return deriveComparisons(parse(...signals)).map((row) => row.population_baseline);
}

test("a control beside the candidate is preferred to the stable version", () => {
  expect(listBaselines(candidate, stable, baseline)).toEqual(["baseline"]);
  expect(listBaselines(candidate, stable, { ...baseline, status: "stale" })).toEqual(["stable"]);
  expect(listBaselines(candidate, stable, { ...baseline, bad: 0, total: 0 })).toEqual(["stable"]);
});

test.each<[string, object[]]>([
  ["no counterpart", [candidate]],
  ["a counterpart of another service", [candidate, { ...stable, service: "web" }]],
  ["a counterpart of another id", [candidate, { ...stable, id: "other" }]],
  ["only the fleet beside it", [candidate, { ...stable, population: "fleet" }]],
  ["a candidate that is not ok", [{ ...candidate, status: "partial" }, stable]],
  ["a candidate without events", [{ ...candidate, bad: 0, total: 0 }, stable]],
  [
    "values and no counts",
    [
      { ...errors, value: 1 },
      { ...errors, value: 2, population: "stable" },
    ],
  ],
  ["no signals", []],
])("%s: nothing is compared", (_name, signals) => {
  expect(deriveComparisons(parse(...signals))).toEqual([]);
});

test("coverage counts the signals that can be judged among all", () => {
  const silent = { id: "latency", sli: "latency" };
  const windows = [{ window_s: 300, bad: 0, total: 1 }];
  expect(
    deriveCoverage(
      parse(candidate, { ...stable, status: "stale" }, silent, { ...silent, id: "w", windows }),
    ),
  ).toEqual({ ok: 2, expected: 4, ratio: 0.5 });
  expect(deriveCoverage(parse())).toEqual({ ok: 0, expected: 0, ratio: null });
});

test("whatever the counts, every number of a comparison is one", () => {
  const count = fc.oneof(fc.nat(30), fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
  const counts = fc
    .tuple(count, count)
    .map(([one, other]) => ({ bad: Math.min(one, other), total: Math.max(one, other) }));
  fc.assert(
    fc.property(counts, counts, (one, other) => {
      const rows = deriveComparisons(parse({ ...errors, ...one }, { ...stable, ...other }));
      expect(rows).toHaveLength(one.total > 0 && other.total > 0 ? 1 : 0);
      for (const row of rows) {
        const numbers = Object.values(row).filter((value) => typeof value === "number");
        expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
        expect(row.p_value >= 0 && row.p_value <= 1).toBe(true);
        expect(row.lo <= row.estimate && row.estimate <= row.hi).toBe(true);
        expect(row.effect === null).toBe(other.bad === 0);
        expect(row.z2 === null).toBe(row.method === "fisher_exact");
      }
    }),
    { numRuns: 1_000 },
  );
});
