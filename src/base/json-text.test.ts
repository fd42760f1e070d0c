import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonValue } from "./json.ts";
import { jsonLimits, parseJsonText } from "./json-text.ts";

function parse(text: string, limits = jsonLimits) {
  return parseJsonText(new TextEncoder().encode(text), limits);
}

function refusal(text: string | Uint8Array, limits = jsonLimits) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const parsed = parseJsonText(bytes, limits);
  if (parsed.ok) throw new Error(`accepted: ${String(text)}`);
  return parsed;
}

/** What `JSON.parse` takes and this parser refuses on purpose. */
const stricter = [
  "an object has two members of this name",
  "a member may not be named `__proto__`",
  "a lone surrogate in a string",
  "a number beyond 2^53 - 1 cannot be kept exactly",
];

/** JSON values that survive strict parsing: exact numbers, well-formed strings, honest names. */
const exactJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ min: -9e15, max: 9e15, noNaN: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value")),
    fc.dictionary(
      fc.string({ unit: "grapheme" }).filter((name) => name !== "__proto__"),
      tie("value"),
      { noNullPrototype: true },
    ),
  ),
})).value;

describe("what is accepted is what JSON.parse makes of it", () => {
  test("any exact value, in any layout", () => {
    fc.assert(
      fc.property(exactJson, fc.constantFrom("", " ", "\n\t", "\r\n  "), (value, indent) => {
        const text = `${indent}${JSON.stringify(value, null, indent)}${indent}`;
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  test("a canonical form of what was parsed parses again to the same", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const first = parse(text);
        if (!first.ok) return;
        const canonical = canonicalJson(first.value);
        const second = parse(canonical);
        expect(second.ok && canonicalJson(second.value)).toBe(canonical);
      }),
    );
  });

  test("a damaged text is refused exactly where JSON.parse refuses, or for a stated reason", () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.constantFrom(...Array.from('{}[]:,"\\u0e-+.1tfn \n\u0001é')),
    );
    fc.assert(
      fc.property(fc.json(), fc.array(damage, { minLength: 1, maxLength: 3 }), (json, edits) => {
        let text = json;
        for (const [at, insert] of edits) {
          const cut = at % (text.length + 1);
          text = text.slice(0, cut) + insert + text.slice(cut + (at % 2));
        }
        const bytes = new TextEncoder().encode(text);
        const ours = parseJsonText(bytes);
        const theirs = parseLeniently(new TextDecoder().decode(bytes));
        const agreed = ours.ok
          ? theirs !== undefined && canonicalJson(theirs.value) === canonicalJson(ours.value)
          : theirs === undefined || stricter.includes(ours.message);
        expect({ text, agreed }).toEqual({ text, agreed: true });
        expect(ours.ok ? 0 : ours.offset).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

function parseLeniently(text: string): { value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    return undefined;
  }
}

describe("what JSON.parse would change without a word", () => {
  test("two members of one name, wherever and however they are written", () => {
    expect(refusal('{"a":1,"b":2,"a":3}')).toEqual({
      ok: false,
      code: "malformed-json",
      offset: 13,
      message: "an object has two members of this name",
      pointer: "/a",
    });
    expect(refusal('[{"x":{"k":1,"\\u006b":2}}]').pointer).toBe("/0/x/k");
    expect(refusal('{"":1,"":2}').pointer).toBe("/");
    expect(parse('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}').ok).toBe(true);
  });

  test("`__proto__` is refused, plain and escaped; other names of the prototype are own members", () => {
    expect(refusal('{"a":{"__proto__":{"polluted":true}}}').pointer).toBe("/a/__proto__");
    expect(refusal('{"__pr\\u006fto__":1}').pointer).toBe("/__proto__");
    const parsed = parse('{"constructor":{"prototype":{"polluted":1}},"toString":2}');
    expect(parsed.ok && Object.keys(parsed.value as object)).toEqual(["constructor", "toString"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each(['"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\ud800x"', '{"\\udfff":1}'])(
    "the lone surrogate of %s",
    (text) => expect(refusal(text).message).toBe("a lone surrogate in a string"),
  );

  test("an escaped pair is one character", () => {
    expect(parse('"\\ud83d\\ude00"')).toEqual({ ok: true, value: "😀" });
  });

  test("numbers beyond 2^53 - 1 in any notation; nothing below", () => {
    const refused = ["9007199254740992", "-9007199254740993", "1e16", "123456789012345678901"];
    for (const text of [...refused, "1e400", "-1E+400", "9007199254740993.0"]) {
      expect(refusal(`[${text}]`).message).toBe("a number beyond 2^53 - 1 cannot be kept exactly");
    }
    const kept = ["9007199254740991", "-9007199254740991", "9007199254740991.0", "1e15", "1e-400"];
    for (const text of [...kept, "0.1234567890123456789", "-0"]) {
      expect(parse(text)).toEqual({ ok: true, value: Number(text) });
    }
  });

  test("bytes that are not UTF-8, with the place", () => {
    for (const bad of [
      [0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xc3],
    ]) {
      const bytes = Uint8Array.from([...new TextEncoder().encode('{"é":"'), ...bad]);
      const found = refusal(bytes);
      expect(found.message).toBe("the text is not UTF-8");
      expect(found.offset).toBeGreaterThanOrEqual(7);
      expect(found.offset).toBeLessThanOrEqual(bytes.length);
    }
  });
});

describe("bounds", () => {
  test("depth is counted in containers", () => {
    expect(parse(nested(64)).ok).toBe(true);
    expect(refusal(nested(65))).toMatchObject({
      code: "input-too-large",
      offset: 64,
      message: "more than 64 levels deep",
    });
    expect(parse("1", { ...jsonLimits, depthMax: 0 }).ok).toBe(true);
  });

  test("values are counted", () => {
    const limits = { ...jsonLimits, nodesMax: 4 };
    expect(parse('{"a":[1,2]}', limits).ok).toBe(true);
    expect(refusal('{"a":[1,2,3]}', limits)).toMatchObject({
      code: "input-too-large",
      message: "more than 4 values",
      pointer: "/a/2",
    });
  });

  test("a depth of a million, fifty megabytes, and 100,000 signals are refused before they are read", () => {
    const limits = { ...jsonLimits, bytesMax: 40_000_000 };
    const deep = new TextEncoder().encode('{"a":['.repeat(1_000_000));
    const signals = `[${'{"id":"errors","bad":1,"total":2},'.repeat(100_000)}1]`;
    const wide = new TextEncoder().encode(signals);
    const large = new Uint8Array(50_000_000).fill(0x5b);
    // How far it read is what it cost: no clock needed.
    expect(refusal(deep, limits)).toMatchObject({
      message: "more than 64 levels deep",
      offset: 6 * 32,
    });
    expect(refusal(wide, limits)).toMatchObject({ message: "more than 50000 values" });
    expect(refusal(wide, limits).offset).toBeLessThan(wide.length / 5);
    expect(refusal(large, limits)).toMatchObject({ message: "more than 40000000 bytes" });
  });

  test("the worst texts within the bounds stay linear", () => {
    const names = Array.from({ length: 45_000 }, (_, i) => `"n${i}":0`).join();
    const twice = `{${names},"n0":0}`;
    const digits = "1".repeat(1_000_000);
    const escapes = `"${"\\u00e9".repeat(170_000)}"`;
    for (const text of [
      `{${names}}`,
      twice,
      digits,
      `0.${digits}`,
      escapes,
      " ".repeat(1_000_000),
    ]) {
      expect(parse(text)).toHaveProperty("ok");
    }
    expect(refusal(twice).pointer).toBe("/n0");
  });
});

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
