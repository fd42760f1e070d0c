import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DecisionRequest, type History, parseRequest } from "../request.ts";
import type { Breach } from "./breach.ts";
import { deriveFlap, derivePersistence, type Flap, listChecks } from "./persistence.ts";

const nowMs = 1_767_225_600_000;

function parse(...signals: object[]): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health: { signals } }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

const errors: Breach = { signal: "errors", service: "checkout" };
const request = parse({ id: "errors", sli: "availability", value: 1 });

/** Checks a minute apart, `x` in breach and `.` not; the last one is now. */
function checksOf(pattern: string, signal = errors) {
  const checks = pattern.split("").map((mark, index) => ({
    at_ms: nowMs - (pattern.length - 1 - index) * 60_000,
    verdict: "allow" as const,
    breached: mark === "x" ? [signal] : [],
  }));
  const now = checks.pop();
  if (now === undefined) throw new Error("no check");
  return listChecks({ checks }, now);
}

test.each([
  ["x", { breached: true, consecutive: 1, breaches: 1, checks: 1, span_s: 0 }],
  ["xx", { breached: true, consecutive: 2, breaches: 2, checks: 2, span_s: 60 }],
  [".xxx", { breached: true, consecutive: 3, breaches: 3, checks: 4, span_s: 120 }],
  ["xx.xx", { breached: true, consecutive: 2, breaches: 4, checks: 5, span_s: 60 }],
  ["x.x.x", { breached: true, consecutive: 1, breaches: 3, checks: 5, span_s: 0 }],
  ["xxx.", { breached: false, consecutive: 0, breaches: 3, checks: 4, span_s: 0 }],
  ["x....", { breached: false, consecutive: 0, breaches: 1, checks: 5, span_s: 0 }],
])("of the checks %s", (pattern, row) => {
  expect(derivePersistence(request, checksOf(pattern))).toEqual([
    { ...errors, critical: true, window_s: 3_600, ...row },
  ]);
});

test("what was never in breach has no row", () => {
  expect(derivePersistence(request, checksOf("....."))).toEqual([]);
});

test.each<[string, Flap["state_changes"]]>([
  [".", 0],
  ["x", 0],
  ["xxxx", 0],
  ["..xx", 1],
  [".x.", 2],
  ["x.x.x", 4],
])("the checks %s change state %i times", (pattern, state_changes) => {
  const flap = { state_changes, checks: pattern.length, window_s: 3_600 };
  expect(deriveFlap(checksOf(pattern))).toEqual(flap);
});

test("another signal in breach is no change of state", () => {
  const [one, other] = [checksOf(".x.")[1], checksOf(".x.", { ...errors, signal: "p99" })[1]];
  if (one === undefined || other === undefined) throw new Error("no check");
  const checks = listChecks({ checks: [{ ...one, verdict: "allow", breached: [errors] }] }, other);
  expect(deriveFlap(checks)).toMatchObject({ state_changes: 0, checks: 2 });
  expect(derivePersistence(request, checks)).toMatchObject([
    { signal: "errors", breached: false, consecutive: 0 },
    { signal: "p99", breached: true, consecutive: 1, critical: false },
  ]);
});

test("only the checks of the last hour count, in the order of their times", () => {
  const at = (agoMs: number, breached: Breach[]) => ({
    at_ms: nowMs - agoMs,
    verdict: "allow" as const,
    breached,
  });
  const checks = [at(3_600_001, [errors]), at(1_000, []), at(3_600_000, [errors])];
  const listed = listChecks({ checks }, { at_ms: nowMs, breached: [errors] });
  expect(listed.map((check) => check.breached.length)).toEqual([1, 0, 1]);
});

test("a check of the future, after a clock was set back, is as old as now", () => {
  const checks = [{ at_ms: nowMs + 5_000, verdict: "allow" as const, breached: [errors] }];
  const listed = listChecks({ checks }, { at_ms: nowMs, breached: [errors] });
  expect(derivePersistence(request, listed)).toMatchObject([{ consecutive: 2, span_s: 0 }]);
});

test.each<[string, object[], boolean]>([
  ["critical as it says itself", [{ id: "errors", sli: "latency", critical: true }], true],
  [
    "not critical as it says itself",
    [{ id: "errors", sli: "availability", critical: false }],
    false,
  ],
  ["critical for the fleet", [{ id: "errors", sli: "correctness", population: "fleet" }], true],
  [
    "there for the stable version only",
    [{ id: "errors", sli: "availability", population: "stable" }],
    false,
  ],
  [
    "there for another service only",
    [{ id: "errors", sli: "availability", service: "web" }],
    false,
  ],
  ["no longer there", [], false],
])("a signal that is %s", (_name, signals, critical) => {
  expect(derivePersistence(parse(...signals), checksOf("x."))).toMatchObject([{ critical }]);
});

test("whatever the record holds, rows are sound and no number is odd", () => {
  const breached = fc.array(
    fc.record({ signal: fc.constantFrom("errors", "p99"), service: fc.constantFrom("a", "b") }),
    { maxLength: 5 },
  );
  const check = fc.record({
    at_ms: fc.integer({ min: nowMs - 4_000_000, max: nowMs + 1_000_000 }),
    verdict: fc.constant("allow" as const),
    breached,
  });
  fc.assert(
    fc.property(fc.array(check, { maxLength: 100 }), breached, (checks: History["checks"], now) => {
      const history = checks === undefined ? {} : { checks };
      const listed = listChecks(history, { at_ms: nowMs, breached: now });
      const rows = derivePersistence(request, listed);
      const { state_changes, checks: count } = deriveFlap(listed);
      expect(state_changes).toBeLessThan(count);
      expect(new Set(rows.map((row) => `${row.signal} ${row.service}`)).size).toBe(rows.length);
      for (const row of rows) {
        expect(row.breached).toBe(row.consecutive > 0);
        expect(row.consecutive).toBeLessThanOrEqual(row.breaches);
        expect(row.breaches).toBeGreaterThan(0);
        expect(row.breaches).toBeLessThanOrEqual(row.checks);
        expect(row.span_s).toBeGreaterThanOrEqual(0);
        expect(row.span_s).toBeLessThanOrEqual(row.window_s);
      }
    }),
  );
});
