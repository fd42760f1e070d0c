import * as fc from "fast-check";
import { expect, test } from "vitest";
import { composeEngine, loadBundleFile } from "../compose.ts";
import type { Decision, WouldFlip } from "../decision/decision.ts";
import { decideOffline } from "./decide-offline.ts";

const nowMs = 1_767_225_600_000;
const engine = composeEngine(loadBundleFile());

interface Counts {
  readonly bad: number;
  readonly total: number;
}

function decide(candidate: Counts, stable: Counts, more: object = {}): Decision {
  const signals = [
    { id: "errors", sli: "availability", ...candidate, ...more },
    { id: "errors", sli: "availability", population: "stable", ...stable },
  ];
  const release = {
    service: "checkout",
    candidate: { version: "2" },
    stable: { version: "1" },
    exposed_since_ms: nowMs - 3_600_000,
  };
  return decideOffline(engine, { request: { now_ms: nowMs }, release, health: { signals } }, nowMs)
    .decision;
}

function flipOf(decision: Decision): WouldFlip | undefined {
  return decision.reasons.find((reason) => reason.would_flip !== undefined)?.would_flip;
}

test("a rollback says with how many bad events fewer it would not be one", () => {
  const stable = { bad: 45, total: 9_000 };
  const flip = flipOf(decide({ bad: 38, total: 1_000 }, stable));
  expect(flip).toMatchObject({ path: "/health/signals/0/bad", from: 38 });
  const to = flip?.to as number;
  expect(decide({ bad: to, total: 1_000 }, stable).verdict).toBe(flip?.verdict);
  expect(decide({ bad: to + 1, total: 1_000 }, stable).verdict).toBe("rollback");
});

test("a signal that cannot be judged, and would be fine if it could", () => {
  const decision = decide({ bad: 0, total: 1_000 }, { bad: 0, total: 9_000 }, { status: "stale" });
  expect(flipOf(decision)).toEqual({
    path: "/health/signals/0/status",
    from: "stale",
    to: "ok",
    verdict: "allow",
  });
});

test("an allow, and what no single value changes, claim nothing", () => {
  expect(flipOf(decide({ bad: 1, total: 1_000 }, { bad: 9, total: 9_000 }))).toBeUndefined();
  const release = { service: "checkout", candidate: { version: "2" } };
  const none = decideOffline(engine, { request: { now_ms: nowMs }, release }, nowMs).decision;
  expect(none.verdict).toBe("escalate");
  expect(flipOf(none)).toBeUndefined();
});

test("whatever is claimed is what the rules say", () => {
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 5_000 }))
    .map(([bad, total]): Counts => ({ bad, total }));
  let claimedCount = 0;
  fc.assert(
    fc.property(counts, counts, (candidate, stable) => {
      const decision = decide(candidate, stable);
      const flip = flipOf(decision);
      if (flip === undefined) return;
      claimedCount += 1;
      expect(flip.verdict).not.toBe(decision.verdict);
      expect(decide({ ...candidate, bad: flip.to as number }, stable).verdict).toBe(flip.verdict);
    }),
    { numRuns: 150 },
  );
  expect(claimedCount).toBeGreaterThan(20);
});
