import { expect, test } from "vitest";
import { loadBundleFile } from "../../compose.ts";
import { findBuiltin } from "../builtins/find-builtin.ts";
import { PolicyAbort } from "./policy-instance.ts";
import { evaluationLimits, PolicyRunner } from "./policy-runner.ts";

const { wasm, data } = loadBundleFile();
const request = { inputJson: "{}", nowMs: 0 };

function createRunner(isMetered = true): PolicyRunner {
  return new PolicyRunner({ wasm, data, findBuiltin, isMetered });
}

test("an instance stays until it is discarded, and the next one answers the same", () => {
  const runner = createRunner();
  const { instance } = runner;
  const first = runner.evaluate(0, request);
  expect(runner.instance).toBe(instance);
  runner.discard();
  expect(runner.instance).not.toBe(instance);
  expect(runner.evaluate(0, request)).toEqual(first);
});

test("steps are counted where the module is metered", () => {
  const { steps, ...metered } = { steps: undefined, ...createRunner().evaluate(0, request) };
  expect(steps).toBeGreaterThan(0);
  expect(steps).toBeLessThan(evaluationLimits.stepsMax);
  expect(createRunner(false).evaluate(0, request)).toEqual(metered);
});

test("an entrypoint that is not there aborts", () => {
  const { instance } = createRunner();
  expect(() => instance.evaluate(999, "{}", { nowMs: 0 }, false)).toThrow(PolicyAbort);
});
