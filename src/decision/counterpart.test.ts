import { expect, test } from "vitest";
import { indexCounterparts } from "./counterpart.ts";
import type { Signal } from "./request.ts";

function signal(id: string, service: string, population: Signal["population"]): Signal {
  return { id, service, population, sli: "availability", status: "ok" };
}

test("a baseline goes before stable, and id and service have to be the same", () => {
  const stable = signal("errors", "a", "stable");
  const baseline = signal("errors", "a", "baseline");
  const others = [signal("errors", "b", "stable"), signal("late", "a", "baseline")];
  const counterpartsOf = indexCounterparts([
    stable,
    ...others,
    baseline,
    signal("errors", "a", "fleet"),
    signal("errors", "a", "candidate"),
  ]);
  expect(counterpartsOf("errors", "a")).toEqual([
    { population: "baseline", signal: baseline },
    { population: "stable", signal: stable },
  ]);
  expect(counterpartsOf("errors", "b")).toEqual([{ population: "stable", signal: others[0] }]);
  expect(counterpartsOf("late", "b")).toEqual([]);
});
