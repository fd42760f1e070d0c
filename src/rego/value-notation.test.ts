import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regoValue } from "./value.arbitrary.ts";
import { equalValues, RegoNumber, RegoObject, RegoSet } from "./value.ts";
import { formatNotation, parseNotation, readJson, toJson, withoutSets } from "./value-notation.ts";

function refusalOf(text: string): unknown {
  try {
    parseNotation(text);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("value notation", () => {
  test("keeps every value", () => {
    fc.assert(
      fc.property(regoValue, fc.constantFrom("" as const, " " as const), (value, space) => {
        const read = parseNotation(formatNotation(value, space));
        expect(equalValues(read, value)).toBe(true);
        expect(formatNotation(read, space)).toBe(formatNotation(value, space));
      }),
    );
  });

  test("of JSON is JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (json) => {
        const text = JSON.stringify(json);
        expect(toJson(parseNotation(text))).toEqual(JSON.parse(text));
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ["{1, 2}", new RegoSet([2, 1])],
    ["set()", new RegoSet([])],
    ["{}", new RegoObject([])],
    ["{{1}: [set()]}", new RegoObject([[new RegoSet([1]), [new RegoSet([])]]])],
    [" [ 1 , null ] ", [1, null]],
    ["9007199254740993", new RegoNumber("9007199254740993")],
    ["1.50", new RegoNumber("1.50")],
    ["1.5", 1.5],
  ])("%s is read", (text, value) => {
    expect(parseNotation(text)).toEqual(value);
  });

  test.each([
    "",
    "{",
    "[1",
    "{1:}",
    "{1,2",
    "nul",
    "1 2",
    '"a',
    "set(",
    "[1,]",
    "{,}",
    "--1",
    "01x",
  ])("%j is refused", (text) => {
    expect(() => parseNotation(text)).toThrow(SyntaxError);
  });

  test("whatever the text, it is read or refused as no notation", () => {
    const words = ["{", "}", "[", "]", ",", ":", '"a"', "1", "set()", "null", " ", "\\"];
    const texts = fc.array(fc.constantFrom(...words)).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(refusalOf(text)).toBeOneOf([undefined, expect.any(SyntaxError)]);
      }),
    );
  });
});

test("as JSON, sets are arrays and keys are text, as OPA gives results", () => {
  const text = '{1: {2, 1}, "a": 1e400, [1, {"b"}]: 2, {"x"}: 3}';
  expect(readJson(text)).toEqual({
    1: [1, 2],
    a: Number.POSITIVE_INFINITY,
    '[1,["b"]]': 2,
    '["x"]': 3,
  });
  expect(formatNotation(withoutSets(parseNotation(text)))).toBe(
    '{"1":[1,2],"[\\"x\\"]":3,"[1,[\\"b\\"]]":2,"a":1e400}',
  );
});

test("with a space it is as print has it", () => {
  expect(formatNotation(parseNotation('{"a":[1,2],"b":{3,4}}'), " ")).toBe(
    '{"a": [1, 2], "b": {3, 4}}',
  );
});
