import canonicalize from "canonicalize";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonValue } from "./json.ts";

/** Few names, so that shapes repeat, nearly repeat and stand in another order. */
const name = fc.oneof(
  fc.constantFrom("a", "b", "ab", "10", "9", "", "é", "\ufb33", "😀", '"', "\n", "constructor"),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
const leaf = fc.oneof(
  fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, 333333333.3333333, Number.MAX_VALUE),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.boolean(),
  fc.constant(null),
);
const { document } = fc.letrec<{ document: JsonValue }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie("document"), { maxLength: 6 }),
    fc.dictionary(name, tie("document"), { maxKeys: 6 }),
  ),
}));

function reversed(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe("canonicalJson", () => {
  it("writes what the reference implementation writes", () => {
    fc.assert(
      fc.property(document, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on the order of members, and is its own canonical form", () => {
    fc.assert(
      fc.property(document, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });

  // RFC 8785, 3.2.2 and 3.2.3.
  it("writes the example of the RFC", () => {
    const numbers = [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    const string = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/";
    expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { "\u20ac": 0, "\r": 1, "\ufb33": 2, "1": 3, "😀": 4, "\u0080": 5, ö: 6 };
    expect(canonicalJson(keys)).toBe('{"\\r":1,"1":3,"\u0080":5,"ö":6,"€":0,"😀":4,"\ufb33":2}');
  });

  it("leaves out members that are undefined", () => {
    const value = { b: undefined, a: 1, c: undefined } as unknown as JsonValue;
    expect(canonicalJson([value, { b: 2, a: 1, c: 3 }])).toBe('[{"a":1},{"a":1,"b":2,"c":3}]');
  });

  it.each([
    ["NaN", Number.NaN],
    ["an infinity", [Number.NEGATIVE_INFINITY]],
    ["a lone surrogate", { a: "\ud83d" }],
    ["a lone surrogate in a name", { "\ude00": 1 }],
    ["undefined", undefined],
    ["a function", [() => 1]],
  ])("refuses %s", (_what, value) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow("invariant broken");
  });
});
