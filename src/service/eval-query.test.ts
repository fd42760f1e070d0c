import { describe, expect, test } from "vitest";
import { findEntrypoint, locateExpressions, toRego, wrapQuery } from "./eval-query.ts";

describe("an entrypoint", () => {
  test.each([
    ["data.a", ["a"], "data.a"],
    [" data.a.b_1 ", ["a", "b_1"], " data.a.b_1 "],
    ['data.a["b-c"].d', ["a", "b-c", "d"], 'data.a["b-c"].d'],
    ['data["\\u0061\\"b"]', ['a"b'], 'data["\\u0061\\"b"]'],
    ["a/b", ["a", "b"], "data.a.b"],
    ["belay/decision/answer", ["belay", "decision", "answer"], "data.belay.decision.answer"],
    ["a/b-c/2", ["a", "b-c", "2"], 'data.a["b-c"]["2"]'],
  ])("is %s", (query, keys, rego) => {
    expect(findEntrypoint(query)).toEqual(keys);
    expect(toRego(query)).toBe(rego);
  });

  test.each([
    "data",
    "input.a",
    "input/2",
    "data/2",
    "1/2",
    "data.a[x]",
    "data.a + 1",
    "a",
    "",
    "a/",
  ])("is not %s", (query) => {
    expect(findEntrypoint(query)).toBeUndefined();
    expect(toRego(query)).toBe(query);
  });
});

describe("the place of an expression", () => {
  test.each([
    ["x := 1; y := x", ["x := 1", "y := x"], [1, 1, 1, 9]],
    ["  1", ["1"], [1, 3]],
    ['"é"; 1  # x := 2\n;  x := 2', ['"é"', "1", "x := 2"], [1, 1, 1, 6, 2, 4]],
    ["some i; f[i] > 1", ["f[i] > 1"], [1, 9]],
    ["1; 1; 1", ["1", "1", "1"], [1, 1, 1, 4, 1, 7]],
    ["count([\n1])", ["count([\n1])"], [1, 1]],
  ])("in %j", (query, texts, places) => {
    const found = locateExpressions(query, texts).flatMap(({ row, col }) => [row, col]);
    expect(found).toEqual(places);
  });
});

test("a query is wrapped on lines of its own, so that a comment at its end ends there", () => {
  expect(wrapQuery("1 # one").text).toContain("\n1 # one\n)");
});
