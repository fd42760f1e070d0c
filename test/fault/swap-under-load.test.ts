import { expect, test } from "vitest";
import { askedAfterMove, swapUnderLoad } from "./swap-under-load.ts";

test("swapping bundles under load of two threads loses no request and mixes none", {
  timeout: 120_000,
}, async () => {
  const decisions = 1000;
  const { decidedBy, misnamed, told, moves, verification } = await swapUnderLoad(decisions);
  const answered = [...decidedBy.values()].reduce((sum, count) => sum + count, 0);
  expect(answered).toBe(decisions + askedAfterMove * moves);
  expect(moves).toBeGreaterThan(10);
  expect(decidedBy.size).toBe(2);
  expect(told).toBeGreaterThan(moves);
  expect(misnamed).toBe(0);
  // Besides the decisions and moves: two publications and the first promotion.
  expect(verification).toMatchObject({ ok: true, entries: answered + moves + 3 });
});
