import { expect, test } from "vitest";
import { checkExpected, checkMonotony } from "./monotony.ts";

test("worse health, and health that is lost, never earn an allow", { timeout: 900_000 }, () => {
  const seen = checkMonotony(20_000, 1);
  expect([...seen.keys()].sort()).toEqual(["error", "nan", "no_data", "stale", "worse"]);
  for (const count of seen.values()) expect(count).toBeGreaterThan(300);
});

test("a signal that is expected and left out earns no allow", { timeout: 300_000 }, () => {
  expect(checkExpected(5_000, 2)).toBeGreaterThan(1_000);
});
