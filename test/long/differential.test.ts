import { afterAll, expect, test } from "vitest";
import { findBuiltin } from "../../src/rego/builtins/find-builtin.ts";
import { checkAgreement, formatReport } from "../conformance/differential/agreement.ts";
import { createToolchainPair } from "../conformance/toolchain-pair.ts";

const toolchains = createToolchainPair();
afterAll(() => toolchains.close());

test("50,000 generated pairs of policy and input answer as OPA's interpreter does", {
  timeout: 3_600_000,
}, async ({ annotate }) => {
  const seed = Date.now() % 1_000_000_000;
  const startMs = performance.now();
  const report = await checkAgreement({ pairCount: 50_000, seed, toolchains, findBuiltin });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  await annotate(`${formatReport(report)}; seed ${seed}, ${seconds} s`);
  expect(report.pairs).toBeGreaterThanOrEqual(50_000);
});
