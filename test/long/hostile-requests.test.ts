import { expect, test } from "vitest";
import { attack } from "../fault/hostile-requests.ts";
import { residentMb } from "../fault/resident-memory.ts";

test("1,000 hostile requests among 100,000 good ones lose no good one", {
  timeout: 3_600_000,
}, async () => {
  const result = await attack({ good: 100_000, hostile: 1_000 }, residentMb);
  const { p50Ms, p99Ms, residentMb: most } = result;
  console.log(
    `good requests: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms; at most ${most.toFixed(0)} MB`,
  );
  expect(result.good).toEqual({ "allow CLEAR": 100_000 });
  expect(result.hostile).toEqual({
    "spin escalate POLICY_ERROR": 200,
    "grow escalate POLICY_ERROR": 200,
    "pattern escalate POLICY_ERROR": 200,
    "pattern allow CLEAR": 200,
    "large 413": 200,
  });
  expect(result.exitCode).toBe(0);
});
