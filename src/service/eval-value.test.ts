import { describe, expect, test } from "vitest";
import { formatGoJson } from "../base/exact-json.ts";
import { readExactJson } from "./eval-value.ts";

describe("a value as `opa eval` prints it", () => {
  test.each([
    ["{3, 1, 2}", "[1,2,3]"],
    ["set()", "[]"],
    ["[1.0, 12345678901234567890, -0.50, 1e3]", "[1.0,12345678901234567890,-0.50,1e3]"],
    ['{{1}: "k", null: 1, 2: 3, [true]: 4}', '{"2":3,"[1]":"k","[true]":4,"null":1}'],
    ['{"10": 1, "2": {"b": {"<"}, "a": null}}', '{"10":1,"2":{"a":null,"b":["\\u003c"]}}'],
  ])("%s", (notation, json) => {
    expect(formatGoJson(readExactJson(notation))).toBe(json);
  });

  test("needs a value", () => {
    expect(() => readExactJson("{1")).toThrow(SyntaxError);
  });
});
