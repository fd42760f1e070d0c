import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { computeLogLikelihoodRatio, deriveSequential, type SequentialRow } from "./sequential.ts";

const nowMs = 1_767_225_600_000;

function parse(signals: object[], objective = 0.999, exposedMs?: number): DecisionRequest {
  const release = {
    service: "checkout",
    candidate: { version: "2" },
    ...(exposedMs === undefined ? {} : { exposed_since_ms: exposedMs }),
  };
  const slos = [{ id: "slo", signal: "errors", objective_ratio: objective }];
  const parsed = parseRequest({ release, health: { signals, slos } }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const errors = { id: "errors", sli: "availability" };

function deriveRow(bad: number, total: number): SequentialRow | undefined {
  return deriveSequential(parse([{ ...errors, bad, total }]), nowMs)[0];
}

test("one bad event and one good one, at a ratio of 0.01 against 0.001", () => {
  expect(computeLogLikelihoodRatio(1, 1, 0.001, 0.01).toFixed(6)).toBe("2.302585");
  expect(computeLogLikelihoodRatio(0, 1, 0.001, 0.01).toFixed(9)).toBe("-0.009049836");
});

test.each([
  [3, 100, "6.029921", "worse"],
  [0, 300, "-2.714951", "undecided"],
  [0, 331, "-2.995496", "fine"],
  [1, 1, "2.302585", "undecided"],
])("%i bad of %i: %s, %s", (bad, total, llr, says) => {
  const row = deriveRow(bad, total);
  expect(row?.llr.toFixed(6)).toBe(llr);
  expect(row?.says).toBe(says);
  expect([row?.reject_at.toFixed(6), row?.accept_at.toFixed(6)]).toEqual(["4.553877", "-2.985682"]);
});

test("all that is known of a row", () => {
  expect(deriveRow(3, 100)).toEqual({
    slo: "slo",
    signal: "errors",
    service: "checkout",
    critical: true,
    population: "candidate",
    p0: 0.001,
    p1: 0.01,
    llr: 6.02992123355,
    accept_at: -2.9856819377,
    reject_at: 4.5538768916,
    e_value: expect.closeTo(124.46, 1) as number,
    bad: 3,
    total: 100,
    window_s: null,
    says: "worse",
  });
});

const windows = [
  { window_s: 3_600, bad: 5, total: 900 },
  { window_s: 300, bad: 1, total: 90 },
  { window_s: 86_400, bad: 7, total: 9_000 },
];

test.each<[string, object, number | undefined, number | null | undefined]>([
  ["a window that reaches back just as far", { windows }, 3_600, 3_600],
  ["the next longer window", { windows }, 3_601, 86_400],
  ["no window that reaches back as far", { windows, bad: 9, total: 9 }, 90_000, null],
  ["nothing that reaches back as far", { windows }, 90_000, undefined],
  ["windows, and no exposure", { windows }, undefined, undefined],
  ["its own counts, and no exposure", { windows, bad: 9, total: 9 }, undefined, null],
  ["no events", { bad: 0, total: 0 }, undefined, undefined],
])("a signal with %s", (_name, counts, ageS, window) => {
  const exposedMs = ageS === undefined ? undefined : nowMs - ageS * 1_000;
  const rows = deriveSequential(parse([{ ...errors, ...counts }], 0.999, exposedMs), nowMs);
  expect(rows.map((row) => row.window_s)).toEqual(window === undefined ? [] : [window]);
});

test.each<[string, object]>([
  ["of the fleet", { population: "fleet" }],
  ["of the stable version", { population: "stable" }],
  ["that is stale", { status: "stale" }],
])("a signal %s has no row", (_name, more) => {
  expect(deriveSequential(parse([{ ...errors, bad: 9, total: 9, ...more }]), nowMs)).toEqual([]);
});

test.each([
  [1, undefined],
  [0, undefined],
  [1e-14, undefined],
  [0.9, 0.55],
  [0.1, 0.95],
  [0.99, 0.1],
])("at an objective of %d the alternative is %o", (objective, p1) => {
  const rows = deriveSequential(parse([{ ...errors, bad: 3, total: 9 }], objective), nowMs);
  expect(rows.map((row) => row.p1)).toEqual(p1 === undefined ? [] : [p1]);
});

test.each([
  ["no budget", 1],
  ["nearly no objective", 4.996003610813205e-16],
  ["no objective", 0],
])("%s: there is nothing to test", (_name, objective) => {
  expect(deriveSequential(parse([{ ...errors, bad: 9, total: 10 }], objective), nowMs)).toEqual([]);
});
