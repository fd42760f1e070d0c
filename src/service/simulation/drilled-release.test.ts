import { expect, test } from "vitest";
import { DrilledRelease, type Outage } from "./drilled-release.ts";

const startMs = 1_767_225_600_000;
const source = { provider: "prometheus" };
const errors = { id: "errors", sli: "availability", bad: 1, total: 100, source };
const p99 = { id: "p99", sli: "latency", value: 300, critical: true };

function createRelease(): DrilledRelease {
  return new DrilledRelease(
    {
      release: { service: "shop", exposed_since_ms: "start-10m" },
      health: { slos: [], signals: [errors, p99] },
      environment: { providers: [{ id: "logs", status: "ok" }] },
    },
    startMs,
  );
}

test("what changes stays changed, and times move with the clock", () => {
  const release = createRelease();
  release.change({ health: { signals: [p99] }, set: { release: { tier: 1 }, environment: null } });
  release.change({ set: { health: { collected_at_ms: "now" } } });
  expect(release.requestAt(startMs + 5_000, "promote", [])).toEqual({
    request: { question: "promote" },
    release: { service: "shop", exposed_since_ms: startMs - 600_000, tier: 1 },
    health: { slos: [], signals: [p99], collected_at_ms: startMs + 5_000 },
  });
});

test("a signal that cannot be read has no numbers, and says so", () => {
  const outage: Outage = { signals: ["p99"], status: "no_data", until_s: 60 };
  expect(createRelease().healthAt(startMs, [outage])).toMatchObject({
    signals: [errors, { id: "p99", sli: "latency", critical: true, status: "no_data" }],
  });
  const stale: Outage = { signals: ["p99"], status: "stale", until_s: 60 };
  expect(createRelease().healthAt(startMs, [stale])).toMatchObject({
    signals: [errors, { ...p99, status: "stale" }],
  });
});

test("a provider that is down takes its own signals along, and is named", () => {
  const outage: Outage = { provider: "prometheus", status: "error", until_s: 60 };
  expect(createRelease().requestAt(startMs, "continue", [outage])).toMatchObject({
    health: { signals: [{ id: "errors", sli: "availability", source, status: "error" }, p99] },
    environment: {
      providers: [
        { id: "logs", status: "ok" },
        { id: "prometheus", status: "down" },
      ],
    },
  });
});
