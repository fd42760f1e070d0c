import { expect, test } from "vitest";
import { findJsonViolation } from "./json-violation.ts";

const limits = { depthMax: 3, nodesMax: 10, childrenMax: 4 };

test.each([
  [null],
  [{ a: [1, "two", true, null] }],
  [Object.assign(Object.create(null), { a: 1 })],
  [[[[]]]],
  [[1, 2, 3, 4]],
  [{ a: [1, 2, 3, 4], b: [1, 2, 3] }],
])("%o is within limits", (value: unknown) => {
  expect(findJsonViolation(value, limits)).toBeUndefined();
});

test.each([
  [[[[[]]]], "/0/0/0", "more than 3 levels deep"],
  [{ a: { b: { c: {} } } }, "/a/b/c", "more than 3 levels deep"],
  [{ a: [1, 2, 3, 4], b: [1, 2, 3, 4] }, "/b/3", "more than 10 values"],
  [{ a: [1, 2, 3, 4, 5] }, "/a", "at most 4 elements, found 5"],
  [[{ a: 1, b: 2, c: 3, d: 4, e: 5 }], "/0", "at most 4 members, found 5"],
])("%o is too much at %o", (value: unknown, pointer, message) => {
  expect(findJsonViolation(value, limits)).toEqual({ pointer, message, tooLarge: true });
});

test.each([
  [Number.NaN, "", "not a finite number"],
  [{ a: -Infinity }, "/a", "not a finite number"],
  [["\udc00"], "/0", "text with a lone surrogate"],
  [{ "\ud800": 1 }, "/\ufffd", "a key with a lone surrogate"],
  [JSON.parse('[{"__proto__":1}]'), "/0/__proto__", "a key that is not accepted"],
  [{ a: undefined }, "/a", "not JSON: a value of type undefined"],
  [[1n], "/0", "not JSON: a value of type bigint"],
  [{ a: () => 1 }, "/a", "not JSON: a value of type function"],
  [[Symbol("s")], "/0", "not JSON: a value of type symbol"],
  [{ a: new Map() }, "/a", "not JSON: neither a plain object nor an array"],
  // oxlint-disable-next-line no-sparse-arrays -- a hole is what is refused
  [[1, , 2], "/1", "not JSON: a value of type undefined"],
])("%o is not JSON at %o", (value: unknown, pointer, message) => {
  expect(findJsonViolation(value, limits)).toEqual({ pointer, message, tooLarge: false });
});

test("a value that contains itself ends at a limit", () => {
  const circular: unknown[] = [];
  circular.push(circular, circular);
  expect(findJsonViolation(circular, limits)).toMatchObject({ tooLarge: true });
});
