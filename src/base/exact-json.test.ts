import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactNumber, formatGoJson, type GoValue, parseExactJson } from "./exact-json.ts";

describe("a document in exact JSON", () => {
  test.each(["1.0", "12345678901234567890", "-0", "1E5", "0.1000000000000000055", "1e400"])(
    "keeps the number %s as it is written",
    (literal) => {
      expect(JSON.stringify(parseExactJson(`{"a":[${literal}]}`))).toBe(`{"a":[${literal}]}`);
      expect(formatGoJson([exactNumber(literal)])).toBe(`[${literal}]`);
    },
  );

  test("is what JSON.parse gives, where a double prints every number as it is written", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain: unknown = JSON.parse(text);
        expect(parseExactJson(JSON.stringify(plain))).toEqual(plain);
      }),
    );
  });

  test("refuses what is no JSON", () => {
    expect(() => parseExactJson('{"a":1} x')).toThrow(SyntaxError);
  });
});

describe("JSON as Go writes it", () => {
  test("orders members by the bytes of their names, digits included", () => {
    const value = { b: 1, "10": 2, "2": 3, é: 4, a: [], "\u{1f600}": {}, "\uffee": null };
    expect(formatGoJson(value)).toBe(
      '{"10":2,"2":3,"a":[],"b":1,"é":4,"\uffee":null,"\u{1f600}":{}}',
    );
  });

  test("keeps the order of a struct", () => {
    const struct = new Map<string, GoValue>([
      ["b", 1],
      ["a", [new Map([["2", { d: 1, c: 2 }]])]],
    ]);
    expect(formatGoJson(struct)).toBe('{"b":1,"a":[{"2":{"c":2,"d":1}}]}');
  });

  test("escapes what HTML and JavaScript would read otherwise", () => {
    expect(formatGoJson(["<a> & b\u2028\u2029", { "<": "\b\f\n\u0001" }])).toBe(
      '["\\u003ca\\u003e \\u0026 b\\u2028\\u2029",{"\\u003c":"\\b\\f\\n\\u0001"}]',
    );
  });

  test("is indented as Go indents, empty ones on one line", () => {
    expect(formatGoJson({ a: [1, { b: [] }], c: {} }, 2)).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ],\n  "c": {}\n}',
    );
  });

  test("reads back as what was written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        expect(JSON.parse(formatGoJson(value as never, indent))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });
});
