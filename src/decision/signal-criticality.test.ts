import { expect, test } from "vitest";
import { isCritical } from "./signal-criticality.ts";

test.each([
  ["availability", undefined, true],
  ["correctness", undefined, true],
  ["latency", undefined, false],
  ["log_class", undefined, false],
  ["availability", false, false],
  ["latency", true, true],
] as const)("a signal of %s that says %o is critical: %o", (sli, own, critical) => {
  expect(isCritical(own === undefined ? { sli } : { sli, critical: own })).toBe(critical);
});
