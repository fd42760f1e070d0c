import { expect, test } from "vitest";
import { checkTotality } from "./totality.ts";

test("50,000 requests have exactly one verdict each", { timeout: 900_000 }, () => {
  const { verdicts, rows } = checkTotality(50_000, 1);
  expect([...verdicts.keys()].sort()).toEqual(["allow", "escalate", "rollback"]);
  // Row 1 is that of policies that fail, and no policy does.
  expect(new Set(rows.keys())).toEqual(new Set([0, 2, 3, 4, 5, 6, 7]));
  for (const count of rows.values()) expect(count).toBeGreaterThan(100);
});
