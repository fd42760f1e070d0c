import * as fc from "fast-check";
import { expect, test } from "vitest";
import { computePercentile, removeOutliers } from "./outlier.ts";

test.each([
  [[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], 5, 0.175],
  [[1, 2, 3], 50, 2],
  [[1, 2], 50, 1.5],
  [[7], 99, 7],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 100, 3],
])("of %o the %ith percentile is %d", (values, percent, percentile) => {
  expect(computePercentile(values, percent)).toBeCloseTo(percentile, 12);
});

const spiked = [21, 21, 23, 23, 24, 25, 29, 50];

test("one and a half interquartile ranges flag only the 50", () => {
  expect(removeOutliers(spiked, 1.5)).toEqual([21, 21, 23, 23, 24, 25, 29]);
});

test("the usual three leave what is merely far", () => {
  expect(removeOutliers([21, 21, 23, 23, 24, 25, 29, 36])).toHaveLength(8);
  expect(removeOutliers(spiked)).toHaveLength(7);
});

test("what is low goes as what is high does, and nothing is no outlier", () => {
  expect(removeOutliers(spiked.map((value) => -value).toReversed())).toHaveLength(7);
  expect(removeOutliers([])).toEqual([]);
  expect(removeOutliers([5])).toEqual([5]);
});

test("what is kept is in order, and the middle half is always kept", () => {
  const values = fc
    .array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), { minLength: 1, maxLength: 50 })
    .map((list) => list.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(values, (list) => {
      const kept = removeOutliers(list);
      expect(kept).toEqual(list.filter((value) => kept.includes(value)));
      expect(kept.length).toBeGreaterThanOrEqual(Math.floor(list.length / 2));
    }),
  );
});
