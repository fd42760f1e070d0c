import { expect, test } from "vitest";
import { attack } from "./hostile-requests.ts";
import { residentMb } from "./resident-memory.ts";

test("20 hostile requests among 2,000 good ones cost only themselves", {
  timeout: 300_000,
}, async () => {
  const result = await attack({ good: 2_000, hostile: 20 }, residentMb);
  expect(result.good).toEqual({ "allow CLEAR": 2_000 });
  expect(result.hostile).toEqual({
    "spin escalate POLICY_ERROR": 4,
    "grow escalate POLICY_ERROR": 4,
    "pattern escalate POLICY_ERROR": 4,
    "pattern allow CLEAR": 4,
    "large 413": 4,
  });
  expect(result.exitCode).toBe(0);
});
