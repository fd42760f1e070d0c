/**
 * @module Generated policies, compiled and interpreted, must answer the same. `npm run test:long`
 * draws many more.
 */

import { afterAll, describe, expect, test } from "vitest";
import type { FindBuiltin } from "../../../src/rego/builtins/builtin.ts";
import { findBuiltin } from "../../../src/rego/builtins/find-builtin.ts";
import { createToolchainPair } from "../toolchain-pair.ts";
import { checkAgreement, formatReport } from "./agreement.ts";
import { explanations, findExplanation } from "./explained.ts";
import { agree, askBoth } from "./two-engines.ts";

const toolchains = createToolchainPair();
afterAll(() => toolchains.close());

test("generated policies answer as OPA's interpreter does", {
  timeout: 300_000,
}, async ({ annotate }) => {
  const report = await checkAgreement({ pairCount: 3_000, seed: 1, toolchains, findBuiltin });
  await annotate(formatReport(report));
  expect(report.pairs).toBeGreaterThanOrEqual(3_000);
  expect(report.values).toBeGreaterThan(report.pairs / 4);
});

describe("known disagreements", () => {
  test.each(explanations)("$name: $reason", { timeout: 60_000 }, async (explanation) => {
    const { rules, input } = explanation.example;
    const [pair] = await toolchains.use((toolchain) =>
      askBoth([rules], [input], { toolchain, findBuiltin }),
    );
    if (pair === undefined) throw new Error("the example does not compile");
    expect(agree(pair), "the engines agree now: take it off the list").toBe(false);
    expect(findExplanation(pair)).toBe(explanation);
  });
});

/** Prints wrong where one of the arguments is null. */
const lyingBuiltin: FindBuiltin = (name) => {
  const builtin = findBuiltin(name);
  if (name !== "sprintf" || builtin === undefined) return builtin;
  return (args, context) =>
    /\bnull\b/.test(new TextDecoder().decode(args[1]))
      ? new TextEncoder().encode('"wrong"')
      : builtin(args, context);
};

test("a builtin that lies in a rare case is found, and shown by a small policy", {
  timeout: 300_000,
}, async () => {
  const lie = { pairCount: 100_000, seed: 7, toolchains, findBuiltin: lyingBuiltin };
  const failure = await checkAgreement(lie).then(
    () => "nothing was found",
    // The search says where it found something, its cause what that is.
    ({ message, cause }: Error) => (cause instanceof Error ? cause.message : message),
  );
  const [, policy = failure] = /package u\n\n([\s\S]*?)\ninput:/.exec(failure) ?? [];
  expect(policy).toContain("sprintf");
  expect(policy.split("\n").length).toBeLessThanOrEqual(12);
  expect(failure).toMatch(/as WebAssembly: .*wrong/);
});
