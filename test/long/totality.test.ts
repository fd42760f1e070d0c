import { expect, test } from "vitest";
import { checkMonotony } from "../verdict/monotony.ts";
import { checkTotality } from "../verdict/totality.ts";

test("a million requests have exactly one verdict each", { timeout: 7_200_000 }, () => {
  const { verdicts } = checkTotality(1_000_000, Date.now() % 1_000_000);
  expect([...verdicts.keys()].sort()).toEqual(["allow", "escalate", "rollback"]);
});

test("worse or lost health earns no allow in 200,000", { timeout: 7_200_000 }, () => {
  const seen = checkMonotony(200_000, Date.now() % 1_000_000);
  expect([...seen.keys()].sort()).toEqual(["error", "nan", "no_data", "stale", "worse"]);
});
