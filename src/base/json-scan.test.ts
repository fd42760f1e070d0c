import { describe, expect, test } from "vitest";
import { JsonRefusal, JsonScan, type Refusal } from "./json-scan.ts";

const limits = { bytesMax: 10_000, depthMax: 8, nodesMax: 100 };

function scan(text: string): JsonScan {
  const finished = new JsonScan(new TextEncoder().encode(text), limits);
  finished.run();
  return finished;
}

function refusal(text: string): Refusal {
  try {
    scan(text);
  } catch (error) {
    if (error instanceof JsonRefusal) return error.refusal;
  }
  throw new Error(`accepted: ${text}`);
}

describe("grammar", () => {
  test.each([
    ["", 0, "expected a value before the text ends"],
    ["  ", 2, "expected a value before the text ends"],
    ["{", 1, "expected a member name in quotes before the text ends"],
    ["[1,]", 3, "expected a value"],
    ["[1 2]", 3, "expected `,` or `]`"],
    ['{"a" 1}', 5, "expected `:`"],
    ['{"a":1,}', 7, "expected a member name in quotes"],
    ['{"a":1 "b":2}', 7, "expected `,` or `}`"],
    ["{a:1}", 1, "expected a member name in quotes"],
    ["'a'", 0, "expected a value"],
    ["truth", 0, "expected a value"],
    ["nul", 0, "expected a value"],
    ["NaN", 0, "expected a value"],
    ["01", 1, "nothing may follow the value"],
    ["1.", 2, "expected a digit before the text ends"],
    ["-", 1, "expected a digit before the text ends"],
    ["+1", 0, "expected a value"],
    ["1e", 2, "expected a digit before the text ends"],
    ['"a', 2, "a string does not end"],
    ['"a\nb"', 2, "a control character in a string"],
    ['"\\x41"', 1, "an unknown escape in a string"],
    ['"\\u12g4"', 1, "`\\u` needs four hexadecimal digits"],
    ["{} {}", 3, "nothing may follow the value"],
    ["\uFEFF{}", 0, "expected a value"],
    ["// no\n{}", 0, "expected a value"],
  ])("%j is refused", (text, offset, message) => {
    expect(refusal(text)).toMatchObject({ code: "malformed-json", offset, message });
  });

  test("a pointer leads to the place", () => {
    expect(refusal('{"a/b":[0,{"~":tru}]}').pointer).toBe("/a~1b/1/~0");
    expect(refusal('{"a":{"b":1,c:2}}').pointer).toBe("/a");
    expect(refusal('{"a":{"unended').pointer).toBe("/a");
  });

  test("a pointer of absurd length is left out", () => {
    expect(refusal(`{"${"n".repeat(2_000)}":?}`).pointer).toBeUndefined();
  });
});

test("members of all objects are counted, a repeated name each time", () => {
  expect(scan('{"a":{"b":1},"c":[{"a":1,"a":2},{}]}').memberCount).toBe(5);
  expect(scan("[1,2,[]]").memberCount).toBe(0);
});
