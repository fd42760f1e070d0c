import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "./json.ts";
import { compareJson } from "./json-difference.ts";

test("names every place that differs as a JSON Pointer", () => {
  const left = { a: [1, 2, { "x/y": 1 }], b: null, "~": "s" };
  const right = { a: [1, 3, { "x/y": 2 }, 4], b: {}, c: 0, "~": "s" };
  expect(compareJson(left, right)).toEqual([
    { path: "/a/1", left: 2, right: 3 },
    { path: "/a/2/x~1y", left: 1, right: 2 },
    { path: "/a/3", right: 4 },
    { path: "/b", left: null, right: {} },
    { path: "/c", right: 0 },
  ]);
});

test("an array is not an object, and an absent member is not null", () => {
  expect(compareJson([], {})).toEqual([{ path: "", left: [], right: {} }]);
  expect(compareJson({ a: null }, {})).toEqual([{ path: "/a", left: null }]);
});

test("two documents differ exactly where their canonical texts do", () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  fc.assert(
    fc.property(json, json, (left, right) => {
      expect(compareJson(left, structuredClone(left))).toEqual([]);
      expect(compareJson(left, right).length === 0).toBe(
        JSON.stringify(sorted(left)) === JSON.stringify(sorted(right)),
      );
    }),
  );
});

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => sorted(item));
  const entries = Object.entries(value).map(([k, v]): [string, JsonValue] => [k, sorted(v)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
