import { expect, test } from "vitest";
import { askedAfterMove, swapUnderLoad } from "../fault/swap-under-load.ts";

test("swapping bundles under load for 100,000 decisions loses none", {
  timeout: 900_000,
}, async () => {
  const decisions = 100_000;
  const { decidedBy, misnamed, moves, verification } = await swapUnderLoad(decisions);
  const answered = [...decidedBy.values()].reduce((sum, count) => sum + count, 0);
  expect(answered).toBe(decisions + askedAfterMove * moves);
  expect(misnamed).toBe(0);
  expect(verification).toMatchObject({ ok: true, entries: answered + moves + 3 });
});
