import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { deriveBreaches } from "./breach.ts";
import { deriveBurn } from "./burn.ts";
import { deriveComparisons } from "./compare.ts";
import { deriveShifts } from "./shift.ts";

const nowMs = 1_767_225_600_000;

function parse(health: object): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

function listBreaches(health: object): string[] {
  const request = parse(health);
  const evidence = {
    burn: deriveBurn(request, nowMs),
    compare: deriveComparisons(request),
    shift: deriveShifts(request),
  };
  return deriveBreaches(request, evidence).map(({ signal, service }) => `${signal} ${service}`);
}

const latency = { id: "p99", sli: "latency", limit: 300 };
const errors = { id: "errors", sli: "availability" };

test.each<[string, object, boolean]>([
  ["a value over its limit", { ...latency, value: 301 }, true],
  ["a value at its limit", { ...latency, value: 300 }, false],
  ["a value without a limit", { id: "p99", sli: "latency", value: 1e9 }, false],
  ["a limit without a value", { ...latency, windows: [{ window_s: 60, bad: 1, total: 1 }] }, false],
  ["more than there should be", { ...latency, direction: "higher_better", value: 301 }, false],
  ["less than there should be", { ...latency, direction: "higher_better", value: 299 }, true],
  ["too many bad ones", { ...errors, limit: 0.1, bad: 11, total: 100 }, true],
  ["as many bad ones as may be", { ...errors, limit: 0.1, bad: 10, total: 100 }, false],
  ["a value, which goes before counts", { ...latency, value: 1, bad: 1, total: 1 }, false],
  ["no events", { ...errors, limit: 0, bad: 0, total: 0 }, false],
  [
    "too few good ones",
    { ...errors, limit: 0.9, direction: "higher_better", bad: 11, total: 100 },
    true,
  ],
  [
    "enough good ones",
    { ...errors, limit: 0.9, direction: "higher_better", bad: 10, total: 100 },
    false,
  ],
  ["a fleet over its limit", { ...latency, population: "fleet", value: 301 }, true],
  ["the stable version over its limit", { ...latency, population: "stable", value: 301 }, false],
  ["a baseline over its limit", { ...latency, population: "baseline", value: 301 }, false],
  ["a signal that is stale", { ...latency, value: 301, status: "stale" }, false],
])("%s: in breach or not", (_name, signal, breached) => {
  expect(listBreaches({ signals: [signal] })).toHaveLength(breached ? 1 : 0);
});

const stable = { ...errors, population: "stable", bad: 10, total: 1_000 };

test.each([
  ["clearly worse", 30, true],
  // The interval begins at 0.0009, and one-sided p is 0.016.
  ["worse beyond chance", 22, true],
  // It begins just below 0, though p is 0.023.
  ["worse, but perhaps by chance", 21, false],
  ["the same", 10, false],
])("a candidate %s than its baseline", (_name, bad, breached) => {
  const signals = [{ ...errors, bad, total: 1_000 }, stable];
  expect(listBreaches({ signals })).toEqual(breached ? ["errors checkout"] : []);
});

test("two bad events are none, however rare they are", () => {
  const none = { ...stable, bad: 0, total: 100_000 };
  expect(listBreaches({ signals: [{ ...errors, bad: 2, total: 10 }, none] })).toEqual([]);
  expect(listBreaches({ signals: [{ ...errors, bad: 3, total: 10 }, none] })).toHaveLength(1);
});

function seriesOf(values: readonly number[]) {
  return values.map((v, index) => ({ t_ms: nowMs - (60 - index) * 60_000, v }));
}

test("a series that lies higher than its baseline", () => {
  const series = (...values: number[]) => ({ id: "p99", sli: "latency", series: seriesOf(values) });
  const before = { ...series(200, 210, 190, 205, 195), population: "stable" };
  const listed = (...values: number[]) => listBreaches({ signals: [series(...values), before] });
  expect(listed(400, 410, 390, 405, 395)).toEqual(["p99 checkout"]);
  expect(listed(200, 210, 190, 205, 900)).toEqual([]);
});

function burning(short: number, long: number, population = "candidate"): object {
  const windows = [
    { window_s: 3_600, bad: long, total: 10_000 },
    { window_s: 300, bad: short, total: 1_000 },
  ];
  return {
    signals: [{ ...errors, population, windows }],
    slos: [{ id: "slo", signal: "errors", objective_ratio: 0.999 }],
  };
}

test.each([
  ["at six times the allowed rate", burning(6, 0), true],
  ["below that", burning(5, 0), false],
  ["in the long window alone", burning(0, 1_000), false],
  ["for the fleet", burning(6, 0, "fleet"), true],
  ["for the stable version", burning(6, 0, "stable"), false],
])("a budget that burns over the shortest window %s", (_name, health, breached) => {
  expect(listBreaches(health)).toEqual(breached ? ["errors checkout"] : []);
});

test("a burn rests on three bad events", () => {
  const health = (bad: number) => ({
    signals: [{ ...errors, windows: [{ window_s: 300, bad, total: 20 }] }],
    slos: [{ id: "slo", signal: "errors", objective_ratio: 0.999 }],
  });
  expect([2, 3].map((bad) => listBreaches(health(bad)).length)).toEqual([0, 1]);
});

test("each id and service once, the critical ones first, at most a hundred", () => {
  const signals = Array.from({ length: 120 }, (_, i) => ({ ...latency, id: `s${i}`, value: 999 }));
  const last = { ...errors, value: 1, limit: 0.1, service: "web" };
  const twice = { ...latency, id: "s0", population: "fleet", value: 999 };
  const found = listBreaches({ signals: [...signals, twice, last] });
  expect([found[0], found[1], found[99], found.length]).toEqual([
    "errors web",
    "s0 checkout",
    "s98 checkout",
    100,
  ]);
});

test("the candidate of one service says nothing of another", () => {
  const other = { ...errors, service: "web", bad: 0, total: 1_000 };
  const signals = [{ ...errors, bad: 30, total: 1_000 }, stable, other];
  expect(listBreaches({ signals })).toEqual(["errors checkout"]);
});
