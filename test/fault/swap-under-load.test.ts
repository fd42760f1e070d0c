import { expect, test } from "vitest";
import { swapUnderLoad } from "./swap-under-load.ts";

test("swapping bundles under load loses no request and mixes none", async () => {
  const decisions = 1000;
  const { decidedBy, misnamed, moves, verification } = await swapUnderLoad(decisions);
  const answered = [...decidedBy.values()].reduce((sum, count) => sum + count, 0);
  expect(answered).toBe(decisions + moves);
  expect(moves).toBeGreaterThan(10);
  expect(decidedBy.size).toBe(2);
  expect(misnamed).toBe(0);
  // Besides the decisions and moves: two publications and the first promotion.
  expect(verification).toMatchObject({ ok: true, entries: answered + moves + 3 });
});
