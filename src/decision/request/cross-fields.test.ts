import { expect, test } from "vitest";
import { parseRequest } from "../request.ts";
import { checkCrossFields, findSoundParts } from "./cross-fields.ts";

const nowMs = 1_767_225_600_000;
const clock = { nowMs, skewMs: 60_000 };
const release = { service: "checkout", candidate: { version: "2" } };
const signal = { id: "errors", sli: "availability", bad: 1, total: 10 };
const migration = { id: "m1", state: "applied" };

function refuse(rest: Record<string, unknown>): Record<string, string> {
  const parsed = parseRequest({ release, ...rest }, clock);
  if (parsed.ok) throw new Error("the request was accepted");
  return Object.fromEntries(parsed.issues.map(({ pointer, message }) => [pointer, message]));
}

function refuseSignals(...signals: unknown[]): Record<string, string> {
  return refuse({ health: { signals } });
}

test("a signal is told apart by id, service and population, defaults included", () => {
  const parsed = parseRequest(
    {
      release,
      health: {
        signals: [signal, { ...signal, service: "web" }, { ...signal, population: "stable" }],
      },
    },
    clock,
  );
  expect(parsed.ok).toBe(true);
  expect(
    refuseSignals(signal, { ...signal, service: "checkout", population: "candidate" }),
  ).toEqual({
    "/health/signals/1":
      "signal `errors` of `checkout`, candidate, is a duplicate of /health/signals/0",
  });
});

test.each([
  [{ bad: 2, total: 1 }, "/bad", "2 bad events out of 1"],
  [{ bad: 2 }, "/bad", "needs `total` beside it"],
  [{ total: 2 }, "/total", "needs `bad` beside it"],
  [{ windows: [{ window_s: 300, bad: 1, total: 0 }] }, "/windows/0/bad", "1 bad events out of 0"],
  [
    { windows: [300, 60, 300].map((window_s) => ({ window_s, bad: 0, total: 1 })) },
    "/windows/2",
    "`300` is a duplicate of /health/signals/0/windows/0",
  ],
  [
    { status: "ok" },
    "/status",
    "status `ok` needs a value, `bad` and `total`, windows or a series",
  ],
  [
    { status: "ok", value: null, windows: [] },
    "/status",
    "status `ok` needs a value, `bad` and `total`, windows or a series",
  ],
  [{ status: "nan", value: 0 }, "/value", "a signal of status `nan` has no value"],
  [{ status: "no_data", value: 0 }, "/value", "a signal of status `no_data` has no value"],
  [{ status: "error", value: 0 }, "/value", "a signal of status `error` has no value"],
])("the signal %o contradicts itself", (said, place, message) => {
  const { id, sli } = signal;
  expect(refuseSignals({ id, sli, ...said })).toEqual({ [`/health/signals/0${place}`]: message });
});

test("an objective speaks of a signal that is there", () => {
  const slo = { id: "s", signal: "latency", objective_ratio: 0.999 };
  expect(refuse({ health: { signals: [signal], slos: [slo] } })).toEqual({
    "/health/slos/0/signal": "no signal has the id `latency`",
  });
});

test.each([
  [
    "/health/slos/1",
    {
      health: {
        signals: [signal],
        slos: [{}, {}].map(() => ({ id: "s", signal: "errors", objective_ratio: 0.9 })),
      },
    },
  ],
  ["/flags/1", { flags: [{ key: "f" }, { key: "f" }] }],
  ["/migrations/1", { migrations: [migration, migration] }],
  [
    "/data_integrity/checks/1",
    { data_integrity: { checks: [1, 2].map(() => ({ id: "c", kind: "checksum", status: "ok" })) } },
  ],
  [
    "/environment/freezes/1",
    { environment: { freezes: [1, 2].map(() => ({ id: "f", start_ms: nowMs, end_ms: nowMs })) } },
  ],
  ["/environment/incidents/1", { environment: { incidents: [{ id: "i" }, { id: "i" }] } }],
])("a second one of the same name is refused at %s", (pointer, rest) => {
  const issues = refuse(rest);
  expect(Object.keys(issues)).toEqual([pointer]);
  expect(issues[pointer]).toContain("is a duplicate of");
});

test("a freeze ends after it starts", () => {
  const freezes = [{ id: "f", start_ms: nowMs, end_ms: nowMs - 1 }];
  expect(refuse({ environment: { freezes } })).toEqual({
    "/environment/freezes/0/end_ms": "ends before it starts",
  });
});

test("what is sound is checked beside what is not", () => {
  const raw = {
    release: { service: "checkout" },
    health: {
      signals: [{ id: 3 }, signal, signal],
      slos: "none",
    },
    migrations: [migration, { id: "m1" }, migration],
  };
  expect(checkCrossFields(findSoundParts(raw)).map(({ pointer }) => pointer)).toEqual([
    "/health/signals/2",
    "/migrations/2",
  ]);
});

test("nothing sound is nothing to check", () => {
  for (const raw of [null, 1, "x", [], { health: [] }, { release: { service: 3 } }]) {
    expect(checkCrossFields(findSoundParts(raw))).toEqual([]);
  }
});
