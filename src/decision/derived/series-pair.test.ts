import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { alignSeries, deriveMeanRatio, matchSeries, meanOf } from "./series-pair.ts";

const nowMs = 1_767_225_600_000;

function points(...values: [minute: number, v: number | null][]) {
  return values.map(([minute, v]) => ({ t_ms: nowMs + minute * 60_000, v }));
}

const none = -Infinity;

test("only the values of the time that both cover count, in order", () => {
  const candidate = points([-3, 30], [-5, 50], [-1, 10], [-4, null]);
  const baseline = points([-9, 9], [-4, 4], [-2, 2], [-3, null], [-3, -0]);
  expect(alignSeries(candidate, baseline, none)).toEqual({
    candidate: [30, 50],
    baseline: [-0, 2, 4],
    from_ms: nowMs - 5 * 60_000,
    to_ms: nowMs - 2 * 60_000,
  });
});

test("what was before the exposure is cut off both", () => {
  const series = points([-3, 3], [-2, 2], [-1, 1]);
  const pair = alignSeries(series, series, nowMs - 2 * 60_000);
  expect(pair).toEqual({
    candidate: [1, 2],
    baseline: [1, 2],
    from_ms: nowMs - 2 * 60_000,
    to_ms: nowMs - 60_000,
  });
});

test.each([
  ["no time in common", points([-2, 1]), points([-1, 1]), none],
  ["no value in the time in common", points([-2, null], [-1, 1]), points([-2, 1]), none],
  ["nothing since the exposure", points([-2, 1]), points([-2, 1]), nowMs],
  ["no points", [], points([-2, 1]), none],
])("%s: a side has no values", (_name, candidate, baseline, exposedMs) => {
  for (const pair of [
    alignSeries(candidate, baseline, exposedMs),
    alignSeries(baseline, candidate, exposedMs),
  ]) {
    expect(Math.min(pair.candidate.length, pair.baseline.length)).toBe(0);
  }
});

test("a null is taken for what is asked for", () => {
  const series = points([-2, null], [-1, 5]);
  expect(alignSeries(series, series, none, 0).candidate).toEqual([0, 5]);
  expect(alignSeries(series, series, none).candidate).toEqual([5]);
});

test("values beyond all measure keep their order and can be added", () => {
  const pair = alignSeries(points([0, 1.7e308], [0, -1.7e308]), points([0, 1]), none);
  expect(pair.candidate).toEqual([-1e100, 1e100]);
});

test.each([
  [[3, 5], [1, 3], 2],
  [[0, 0], [1, 3], null],
  [[3, 5], [0, 0], null],
  [[-3, -5], [-1, -1], null],
  [[1e100], [5e-324], 1e300],
])("the mean of %o over that of %o is %o", (candidate, baseline, ratio) => {
  expect(deriveMeanRatio({ candidate, baseline })).toBe(ratio);
});

test("a mean is a mean", () => {
  expect(meanOf([1, 2, 6])).toBe(3);
});

function parse(...signals: object[]): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health: { signals } }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const p99 = { id: "p99", sli: "latency", series: points([-2, 1], [-1, 2]) };
const stable = { ...p99, population: "stable" };
const control = { ...p99, population: "baseline" };

test.each<[string, object[], string[]]>([
  ["a control beside the candidate", [p99, stable, control], ["baseline"]],
  ["the stable version", [stable, p99], ["stable"]],
  [
    "a control that covers another time",
    [p99, stable, { ...control, series: points([-9, 1]) }],
    ["stable"],
  ],
  ["a control that is stale", [p99, { ...control, status: "stale" }], []],
  ["a candidate that is partial", [{ ...p99, status: "partial" }, stable], []],
  ["another service", [p99, { ...stable, service: "web" }], []],
  ["another signal", [p99, { ...stable, id: "p50" }], []],
  ["a value instead of a series", [p99, { ...stable, series: [], value: 1 }], []],
  ["a series without values", [p99, { ...stable, series: points([-2, null]), value: 1 }], []],
  ["nothing", [p99], []],
])("a series beside %s", (_name, signals, populations) => {
  expect(matchSeries(parse(...signals)).map(({ population }) => population)).toEqual(populations);
});
