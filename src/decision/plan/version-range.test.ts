import { expect, test } from "vitest";
import { compareVersions, isInRange, type RangeAnswer } from "./version-range.ts";

/** The example of semver.org, section 11, and what follows from it. */
test("semantic versions in their order", () => {
  const ascending = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
    "9007199254740993.0.0",
    "9007199254740994.0.0",
  ];
  for (const [index, one] of ascending.entries()) {
    for (const [otherIndex, other] of ascending.entries()) {
      expect(Math.sign(compareVersions(one, other) ?? Number.NaN)).toBe(
        Math.sign(index - otherIndex),
      );
    }
  }
  expect(compareVersions("1.0.0+one", "1.0.0+other")).toBe(0);
});

test.each([
  ["1.0", "1.0.0"],
  ["v1.0.0", "1.0.0"],
  ["01.0.0", "1.0.0"],
  ["green", "blue"],
  ["1.0.0-", "1.0.0"],
])("%s and %s have no order that could be told", (one, other) => {
  expect(compareVersions(one, other)).toBeUndefined();
  expect(compareVersions(one, one)).toBe(0);
});

test.each<[string | undefined, string | undefined, string | undefined, RangeAnswer]>([
  ["2.0.0", "1.0.0", undefined, "yes"],
  ["2.0.0", "2.0.0", "2.0.0", "yes"],
  ["2.0.0", "2.0.1", undefined, "no"],
  ["2.0.0", undefined, "1.9.0", "no"],
  ["2.0.0", "blue", "1.9.0", "no"],
  ["2.0.0", undefined, "3.0.0", "unknown"],
  ["2.0.0", "1.0.0", "green", "unknown"],
  ["2.0.0", undefined, undefined, "unknown"],
  ["green", "green", undefined, "yes"],
  ["green", "1.0.0", undefined, "unknown"],
  [undefined, "1.0.0", undefined, "unknown"],
])("%s within %s and %s: %s", (version, min, max, answer) => {
  expect(isInRange(version, min, max)).toBe(answer);
});
