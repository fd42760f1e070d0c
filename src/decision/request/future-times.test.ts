import { expect, test } from "vitest";
import { findFutureTimes } from "./future-times.ts";

const nowMs = 1_767_225_600_000;
const later = nowMs + 60_001;
const clock = { nowMs, skewMs: 60_000 };

test("every time that tells of the past is held to the clock, wherever it stands", () => {
  const raw = {
    request: { now_ms: later },
    release: { candidate: { built_at_ms: later }, change_set: [{}, { at_ms: later }] },
    health: { collected_at_ms: later, signals: [{ series: [{ t_ms: later, v: 1 }] }] },
    unknown: { new_kind_of_ms: later },
  };
  expect(findFutureTimes(raw, clock).map(({ pointer }) => pointer)).toEqual([
    "/request/now_ms",
    "/release/candidate/built_at_ms",
    "/release/change_set/1/at_ms",
    "/health/collected_at_ms",
    "/health/signals/0/series/0/t_ms",
    "/unknown/new_kind_of_ms",
  ]);
});

test("deadlines, expiries and freezes may lie ahead; foreign data is not looked at", () => {
  const raw = {
    request: { deadline_ms: later },
    approvals: { given: [{ expires_ms: later }] },
    environment: { freezes: [{ start_ms: later, end_ms: later }] },
    ext: { at_ms: later },
    health: { mapping: { answers: { up: { at_ms: later } } } },
  };
  expect(findFutureTimes(raw, clock)).toEqual([]);
});

test("the allowed skew is allowed to the millisecond", () => {
  expect(findFutureTimes({ at_ms: nowMs + 60_000 }, clock)).toEqual([]);
  expect(findFutureTimes({ at_ms: nowMs + 60_001 }, clock)).toEqual([
    { pointer: "/at_ms", message: "lies 61 s in the future; 60 s of clock skew are allowed" },
  ]);
});

test("what is no number is left to the schema", () => {
  for (const raw of [null, "x", [], { at_ms: "2999-01-01" }, { at_ms: null }]) {
    expect(findFutureTimes(raw, clock)).toEqual([]);
  }
});
