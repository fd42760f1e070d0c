import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../request.ts";
import { computeBudgetRatio, computeBurnRate, deriveBurn } from "./burn.ts";

const nowMs = 1_767_225_600_000;

// Error ratios that spend a month's budget at these factors: Google's SRE workbook, table 5-8.
test.each([
  ["page fast, 30 d", 144, 10_000, 0.999, 14.4],
  ["page slow, 30 d", 6, 1_000, 0.999, 6],
  ["ticket, 30 d", 3, 1_000, 0.999, 3],
  ["ticket slow, 30 d", 1, 1_000, 0.999, 1],
  ["page fast, 28 d", 1_344, 100_000, 0.999, 13.44],
  ["page slow, 28 d", 56, 10_000, 0.999, 5.6],
  ["ticket, 28 d", 28, 10_000, 0.999, 2.8],
  ["ticket slow, 28 d", 9_333, 10_000_000, 0.999, 0.9333],
  ["page fast, 28 d, as Pyrra rounds it", 14, 1_000, 0.999, 14],
  ["page slow, 28 d, as Pyrra rounds it", 7, 1_000, 0.999, 7],
  ["five nines", 144, 1_000_000, 0.99999, 14.4],
  ["six nines", 144, 10_000_000, 0.999999, 14.4],
  ["one bad of twenty at three nines", 1, 20, 0.999, 50],
  ["everything bad", 100, 100, 0.99, 100],
  ["nothing bad", 0, 100, 0.999, 0],
  ["no objective at all", 1, 4, 0, 0.25],
])("%s: %i bad of %i at %d burns at %d", (_name, bad, total, objective, rate) => {
  expect(computeBurnRate(bad, total, computeBudgetRatio(objective))).toBe(rate);
});

test.each([
  ["fast, 30 d", 0.02, 30, 3_600, 14.4],
  ["slow, 30 d", 0.05, 30, 21_600, 6],
  ["ticket, 30 d", 0.1, 30, 86_400, 3],
  ["trickle, 30 d", 0.1, 30, 259_200, 1],
  ["fast, 28 d", 0.02, 28, 3_600, 13.44],
  ["slow, 28 d", 0.05, 28, 21_600, 5.6],
  ["ticket, 28 d", 0.1, 28, 86_400, 2.8],
])("%s: %d of the budget of %i days in %i s", (_name, part, days, windowS, factor) => {
  // At this rate the window takes its part of the period's budget: a tenth of a per mille allowed.
  const total = 1e9;
  const bad = Math.round(total * 0.0001 * factor);
  const rate = computeBurnRate(bad, total, 0.0001);
  expect((rate ?? 0) * (windowS / (days * 86_400))).toBeCloseTo(part, 9);
});

test.each([
  ["no events", 0, 0, 0.999],
  ["an objective of 1", 5, 100, 1],
  ["an objective that a double cannot tell from 1", 5, 100, 1 - Number.EPSILON / 2],
])("%s: there is no rate", (_name, bad, total, objective) => {
  expect(computeBurnRate(bad, total, computeBudgetRatio(objective))).toBeNull();
});

test("a budget is what is left of 1 in decimal, not in binary", () => {
  expect([0.9, 0.99, 0.999, 0.9999, 0.999999, 0.9999999].map(computeBudgetRatio)).toEqual([
    0.1, 0.01, 0.001, 0.0001, 0.000001, 0.0000001,
  ]);
});

function parse(release: object, health: object): DecisionRequest {
  const raw = { release: { service: "checkout", candidate: { version: "2" }, ...release }, health };
  const parsed = parseRequest(raw, { nowMs, skewMs: 60_000 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const slos = [
  { id: "strict", signal: "errors", objective_ratio: 0.999 },
  { id: "none", signal: "errors", objective_ratio: 1 },
];
const windows = [
  { window_s: 300, bad: 3, total: 100 },
  { window_s: 3_600, bad: 0, total: 0 },
];
const errors = { id: "errors", sli: "availability", windows };

test("one row for each objective, signal and window; only signals that can be judged", () => {
  const request = parse(
    { exposed_since_ms: nowMs - 900_000 },
    {
      slos,
      signals: [
        errors,
        { ...errors, population: "stable" },
        { ...errors, population: "fleet", status: "stale" },
        { ...errors, id: "other" },
        { id: "errors", sli: "availability", service: "web", value: 1 },
      ],
    },
  );
  const rows = deriveBurn(request, nowMs);
  expect(rows).toHaveLength(8);
  expect(rows[0]).toEqual({
    slo: "strict",
    signal: "errors",
    service: "checkout",
    population: "candidate",
    objective_ratio: 0.999,
    window_s: 300,
    effective_window_s: 300,
    rate: 30,
    bad: 3,
    total: 100,
  });
  expect(
    rows.map(({ slo, population, window_s, effective_window_s, rate }) =>
      [slo, population, window_s, effective_window_s, rate].join(" "),
    ),
  ).toEqual([
    "strict candidate 300 300 30",
    "strict candidate 3600 900 ",
    "strict stable 300 300 30",
    "strict stable 3600 900 ",
    "none candidate 300 300 ",
    "none candidate 3600 900 ",
    "none stable 300 300 ",
    "none stable 3600 900 ",
  ]);
});

test.each([
  [undefined, 300],
  [nowMs - 299_500, 299.5],
  [nowMs, 0],
  [nowMs + 60_000, 0],
])("exposed since %o, the window of 300 s is effectively %d s", (exposed, seconds) => {
  const release = exposed === undefined ? {} : { exposed_since_ms: exposed };
  const [row] = deriveBurn(parse(release, { slos, signals: [errors] }), nowMs);
  expect(row?.effective_window_s).toBe(seconds);
});

test("whatever the counts, a rate is a number from 0 up, or null", () => {
  const anyCount = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
  fc.assert(
    fc.property(
      anyCount,
      anyCount,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b, objective) => {
        const rate = computeBurnRate(Math.min(a, b), Math.max(a, b), computeBudgetRatio(objective));
        if (rate === null) return;
        expect(Number.isFinite(rate)).toBe(true);
        expect(rate).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
