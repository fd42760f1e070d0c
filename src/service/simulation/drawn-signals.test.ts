import { expect, test } from "vitest";
import { listDrawnSignals } from "./drawn-signals.ts";

test("a ratio of counts, of the first window, or a value; nothing where it cannot be read", () => {
  const signals = [
    { id: "errors", bad: 3, total: 60 },
    { id: "burn", service: "web", windows: [{ window_s: 300, bad: 1, total: 4 }] },
    { id: "p99", population: "fleet", value: 310 },
    { id: "night", bad: 0, total: 0 },
    { id: "lost", status: "no_data" },
    "no signal",
  ];
  const own = { service: "shop", population: "candidate" };
  expect(listDrawnSignals({ release: { service: "shop" }, health: { signals } })).toEqual([
    { signal: "errors", ...own, shown: 0.05 },
    { signal: "burn", service: "web", population: "candidate", shown: 0.25 },
    { signal: "p99", service: "shop", population: "fleet", shown: 310 },
    { signal: "night", ...own },
    { signal: "lost", ...own },
  ]);
  expect(listDrawnSignals({})).toEqual([]);
});
