import { expect, test } from "vitest";
import type { Evidence, Reason } from "../decision.ts";
import { normaliseInput } from "../normalise.ts";
import { parseRequest } from "../request.ts";
import { findLevers, moveLever } from "./lever.ts";

const nowMs = 1_767_225_600_000;
const parsed = parseRequest(
  {
    release: { service: "a", candidate: { version: "2" }, tier: 1 },
    health: {
      signals: [
        {
          id: "errors",
          sli: "availability",
          bad: 40,
          total: 1_000,
          windows: [
            { window_s: 300, bad: 20, total: 500 },
            { window_s: 3_600, bad: 40, total: 1_000 },
          ],
        },
        { id: "errors", sli: "availability", population: "stable", bad: 4, total: 40 },
        { id: "slow", sli: "latency", status: "stale", value: 3 },
      ],
      slos: [{ id: "slo", signal: "errors", objective_ratio: 0.999 }],
    },
    environment: { gitops: { auto_sync: true }, capacity: { stable_ready_ratio: 0.4 } },
  },
  { nowMs, skewMs: 0 },
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
const input = normaliseInput(parsed.request, {
  id: "one",
  nowMs,
  caller: { subject: "t", auth: "none" },
  history: {},
});

function leversOf(...evidence: Partial<Evidence>[]) {
  const items = evidence.map((item) => ({ observed: 1, op: ">=" as const, threshold: 1, ...item }));
  return findLevers(input, { evidence: items } as unknown as Reason);
}

test.each([
  [
    "a burn rate",
    { path: "/derived/burn/0/rate" },
    { path: "/health/signals/0/bad", from: 40, to: 0 },
  ],
  [
    "a difference",
    { path: "/derived/compare/0/lo" },
    { path: "/health/signals/0/bad", from: 40, to: 0 },
  ],
  [
    "a sample too small",
    { path: "/derived/compare/0/n_baseline", op: "<", threshold: 50 },
    { path: "/health/signals/1/total", from: 40, to: 50 },
  ],
  [
    "a window too small",
    { path: "/derived/burn/0/total", op: "<=", threshold: 600 },
    { path: "/health/signals/0/windows/0/total", from: 500, to: 601 },
  ],
  [
    "a status",
    { path: "/health/signals/2/status", op: "!=", threshold: "ok" },
    { path: "/health/signals/2/status", from: "stale", to: "ok" },
  ],
  [
    "a switch",
    { path: "/environment/gitops/auto_sync", op: "==", threshold: true },
    { path: "/environment/gitops/auto_sync", from: true, to: false },
  ],
  [
    "a ratio below its limit",
    { path: "/environment/capacity/stable_ready_ratio", op: "<", threshold: 0.9 },
    { path: "/environment/capacity/stable_ready_ratio", from: 0.4, to: 0.9 },
  ],
  [
    "a whole number at its limit",
    { path: "/release/tier", op: ">=", threshold: 1 },
    { path: "/release/tier", from: 1, to: 0 },
  ],
] as const)("%s moves %o", (_name, evidence, expected) => {
  expect(leversOf(evidence as Partial<Evidence>)).toEqual([expect.objectContaining(expected)]);
});

test.each([
  ["what is not there", { path: "/health/snapshot_id" }],
  ["a sample that is large enough", { path: "/derived/compare/0/n_candidate", op: ">=" }],
  ["bad events of the baseline", { path: "/derived/compare/0/bad_baseline" }],
  ["a row that is not there", { path: "/derived/burn/99/rate" }],
  ["a number that has to be what it is", { path: "/release/tier", op: "==", threshold: 1 }],
  ["what is derived from the past", { path: "/derived/persistence/0/consecutive" }],
] as const)("%s is no lever", (_name, evidence) => {
  expect(leversOf(evidence as Partial<Evidence>)).toEqual([]);
});

test("bad events of a signal move together with those of its windows", () => {
  const [lever] = leversOf({ path: "/derived/burn/1/rate" }, { path: "/derived/compare/0/lo" });
  if (lever === undefined) throw new Error("no lever");
  const moved = moveLever(input, lever, 10);
  expect(moved.health.signals[0]).toMatchObject({ bad: 10, windows: [{ bad: 5 }, { bad: 10 }] });
  expect(moved.health.signals[1]).toBe(input.health.signals[1]);
  expect(input.health.signals[0]?.bad).toBe(40);
});
