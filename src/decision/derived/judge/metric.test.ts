import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z98 } from "../mann-whitney.ts";
import { samples, sparseErrors } from "../sample.fixture.ts";
import { classifyMetric, type MetricRule } from "./metric.ts";

/** The defaults of Kayenta's classifier in its own tests: 95 %, a tenth of the estimate. */
const rule: MetricRule = {
  direction: "either",
  effect: "mean_ratio",
  allowedIncrease: 1,
  allowedDecrease: 1,
  criticalIncrease: 1,
  criticalDecrease: 1,
  nan: "remove",
  mustHaveData: false,
  isCritical: false,
  toleranceRatio: 0.1,
  z: 1.959963984540054,
};

const low = [1, 2.2, 1.1, 2.5, 3];
const high = [20, 22, 21, 25, 30];
const spread = [10, 12.2, 10.1, 12.5, 23];
const critical = { isCritical: true };

test.each<[string, number[], number[], Partial<MetricRule>, string]>([
  ["High", low, high, {}, "high"],
  ["an increase that is allowed", low, high, { allowedIncrease: 13 }, "pass"],
  ["High where only a decrease counts", low, high, { direction: "decrease" }, "pass"],
  ["High where only an increase counts", low, high, { direction: "increase" }, "high"],
  ["critical from 1.2 on", low, high, { ...critical, criticalIncrease: 1.2 }, "high critical"],
  [
    "High, and not yet critical",
    low,
    high,
    { ...critical, allowedIncrease: 5, criticalIncrease: 13 },
    "high",
  ],
  ["Low", high, low, {}, "low"],
  ["Low where only an increase counts", high, low, { direction: "increase" }, "pass"],
  ["Low critical", high, low, { ...critical, criticalDecrease: 0.5 }, "low critical"],
  ["Low, and not yet critical", high, low, { ...critical, criticalDecrease: 0.05 }, "low"],
  ["a decrease that is allowed", high, low, { allowedDecrease: 0.05 }, "pass"],
  ["an interval that reaches over 0", high, spread, { allowedDecrease: 0.5 }, "pass"],
  [
    "Low critical of Kayenta's",
    [10, 20.2, 10.1, 20.5, 30],
    [2, 2, 2, 2, 3],
    { ...critical, criticalDecrease: 1.2 },
    "low critical",
  ],
  ["one spike", [1, 1, 1, 1, 1], [1, 1, 1, 1, 10], {}, "pass"],
  [
    "no mean to divide by",
    [0, 0, 0, 0, 0],
    [54.9, 54.5, 55.1, 55.6, 57.4],
    { allowedDecrease: 0.8, allowedIncrease: 1.2 },
    "high",
  ],
  ["the same in another order", [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], {}, "pass"],
  ["nothing but 0", [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], {}, "pass"],
  ["one value, more often", [7, 7], [7, 7, 7], {}, "pass"],
  ["one value and another", [7, 7], [8, 8, 8], {}, "high"],
  ["no data", [1, 2, 3, 4, 5], [], {}, "nodata"],
  ["no data of a critical metric", [1, 2, 3], [], critical, "nodata critical"],
  ["no data where there must be", [1, 2, 3], [], { mustHaveData: true }, "nodata_fail_metric"],
  ["no data, taken for 0", [1, 2, 3, 4, 5], [], { nan: "replace" }, "pass"],
  ["no baseline", [], [1, 2, 3], {}, "nodata"],
  ["superior in all pairs", low, high, { effect: "cles", allowedIncrease: 0.9 }, "high"],
  ["no superiority is enough", low, high, { effect: "cles", allowedIncrease: 1.1 }, "pass"],
  [
    "spinnaker#5622, which only Kayenta lets pass",
    sparseErrors.control,
    sparseErrors.experiment,
    { toleranceRatio: 0.25, z: z98 },
    "pass",
  ],
])("%s", (_name, control, experiment, given, expected) => {
  const { label, critical: fails } = classifyMetric(samples(control, experiment), {
    ...rule,
    ...given,
  });
  expect(fails ? `${label} critical` : label).toBe(expected);
});

test("the numbers of Kayenta's example", () => {
  const { shift, effect } = classifyMetric(samples(low, high), rule);
  expect(effect?.toFixed(4)).toBe("12.0408");
  expect([shift?.estimate.toFixed(1), shift?.lo.toFixed(3)]).toEqual(["20.0", "17.800"]);
});

test.each([
  ["identical", [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], 1],
  ["over a mean of 0", [0, 0, 0, 0, 0], high, null],
])("the effect of what is %s", (_name, control, experiment, effect) => {
  expect(classifyMetric(samples(control, experiment), rule).effect).toBe(effect);
});

test("more of everything is never lower, whatever the values", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e100, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(values, values, (control, experiment) => {
      const { label, shift } = classifyMetric(samples(control, experiment), rule);
      expect(shift === null || Object.values(shift).every(Number.isFinite)).toBe(true);
      const above = experiment.map((value) => value + Math.max(...control) + 1);
      expect(classifyMetric(samples(control, above), rule).label).not.toBe("low");
      expect(["pass", "high", "low"]).toContain(label);
    }),
  );
});
