import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { sparseErrors } from "./sample.fixture.ts";
import { deriveShifts, isWorseShift, type ShiftRow } from "./shift.ts";

const nowMs = 1_767_225_600_000;

function parse(...signals: object[]): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health: { signals } }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

function seriesOf(values: readonly (number | null)[]) {
  return values.map((v, index) => ({ t_ms: nowMs - (values.length - index) * 60_000, v }));
}

function deriveRows(
  control: readonly number[],
  experiment: readonly number[],
  more: object = {},
): ShiftRow[] {
  const signal = { id: "p99", sli: "latency", ...more };
  return deriveShifts(
    parse(
      { ...signal, series: seriesOf(experiment) },
      { ...signal, population: "stable", series: seriesOf(control) },
    ),
  );
}

const low = [1, 2.2, 1.1, 2.5, 3];
const high = [20, 22, 21, 25, 30];

test("a candidate that lies higher: all that is known of it", () => {
  expect(deriveRows(low, high, { critical: true, unit: "ms" })).toEqual([
    {
      signal: "p99",
      service: "checkout",
      sli: "latency",
      critical: true,
      unit: "ms",
      direction: "lower_better",
      method: "mann_whitney",
      population_baseline: "stable",
      estimate: 20,
      // With five points a side, 98 % reach to the smallest and the largest difference.
      lo: 17,
      hi: 29,
      lo_ratio: 0.85,
      hi_ratio: 1.45,
      effect: 12.0408163265,
      cles: 1,
      p_value: null,
      nonzero_candidate: 5,
      nonzero_baseline: 5,
      n_candidate: 5,
      n_baseline: 5,
      mean_candidate: 23.6,
      mean_baseline: 1.96,
      from_ms: nowMs - 300_000,
      to_ms: nowMs - 60_000,
    },
  ]);
});

test("errors where there were none at all are counted, and do not pass", () => {
  const [row] = deriveRows(sparseErrors.control, sparseErrors.experiment);
  expect(row).toMatchObject({
    method: "fisher_exact_nonzero",
    estimate: 0.0175,
    lo: 0,
    effect: null,
    nonzero_candidate: 5,
    nonzero_baseline: 0,
    // C(10, 5) of C(20, 5) ways to deal five values out.
    p_value: 0.016253869969,
  });
  expect(row && isWorseShift(row)).toBe(true);
});

test("many points without an error before, and many errors now", () => {
  const [row] = deriveRows(Array<number>(500).fill(0), Array<number>(500).fill(1));
  expect(row).toMatchObject({ method: "fisher_exact_nonzero", nonzero_candidate: 500 });
  expect(row?.p_value).toBeLessThan(1e-100);
});

test.each<[string, number[], number[], object, boolean]>([
  ["higher", low, high, {}, true],
  ["lower", high, low, {}, false],
  ["higher, where more is better", low, high, { direction: "higher_better" }, false],
  ["lower, where more is better", high, low, { direction: "higher_better" }, true],
  ["the same", low, low, {}, false],
  ["one spike among five", [1, 1, 1, 1, 1], [1, 1, 1, 1, 10], {}, false],
  ["higher on too few points", low.slice(0, 4), high.slice(0, 4), {}, false],
  ["higher for sure, by a fifth", [100, 101, 102, 103, 104], [120, 121, 122, 123, 124], {}, false],
  ["higher by a quarter", [80, 80, 80, 80, 80], [100, 100, 100, 100, 100], {}, true],
  [
    "lower by a fifth, more is better",
    [5, 5, 5, 5, 5],
    [4, 4, 4, 4, 4],
    { direction: "higher_better" },
    true,
  ],
  ["around nothing before", [-1, 1, -1, 1, 0], [5, 6, 5, 6, 5], {}, true],
  ["all but two still nothing", [0, 0, 0, 0, 0], [0, 0, 0, 7, 7], {}, false],
  ["nothing left of what there was", high, [0, 0, 0, 0, 0], { direction: "higher_better" }, true],
])("%s is worse or not", (_name, control, experiment, more, worse) => {
  expect(deriveRows(control, experiment, more).map(isWorseShift)).toEqual([worse]);
});

test("more or less of what has no direction is neither good nor bad", () => {
  for (const sli of ["throughput", "business"]) {
    expect(deriveRows(low, high, { sli })).toEqual([]);
    expect(deriveRows(low, high, { sli, direction: "higher_better" })).toHaveLength(1);
  }
});

test("samples of different sizes, with gaps", () => {
  const signal = { id: "p99", sli: "latency" };
  const rows = deriveShifts(
    parse(
      { ...signal, series: seriesOf([5, null, 6, null, 7]) },
      { ...signal, population: "baseline", series: seriesOf([1, 2, 3, 1, 2, 3, 1]) },
    ),
  );
  expect(rows).toMatchObject([
    { population_baseline: "baseline", n_candidate: 3, n_baseline: 5, from_ms: nowMs - 300_000 },
  ]);
});

test("whatever the series, every number of a row is one", () => {
  const series = fc
    .array(
      fc.record({
        t_ms: fc.integer({ min: nowMs - 20, max: nowMs }),
        v: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((points) => [{ t_ms: nowMs, v: 0 }, ...points]);
  fc.assert(
    fc.property(series, series, (one, other) => {
      const signal = { id: "p99", sli: "latency" };
      const rows = deriveShifts(
        parse({ ...signal, series: one }, { ...signal, population: "stable", series: other }),
      );
      const numbers = rows.flatMap(Object.values).filter((value) => typeof value === "number");
      expect(numbers.every(Number.isFinite)).toBe(true);
      for (const { lo, hi, cles, p_value } of rows) {
        expect(lo).toBeLessThanOrEqual(hi);
        expect(cles >= 0 && cles <= 1).toBe(true);
        expect((p_value ?? 0) >= 0 && (p_value ?? 0) <= 1).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
