import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../base/canonical-json.ts";
import type { JsonValue } from "../base/json.ts";
import type { DecisionLeaf, Leaf, PromotionLeaf, PublicationLeaf } from "./entry.ts";
import { encodeLeaf, leafBytesMax, parseLeaf } from "./leaf.ts";

const digest = "0123456789abcdef".repeat(4);
const base = {
  v: 1,
  id: "01936f3e-5a10-7c3b-8f4e-2b6d0c1a9e77",
  time: "2026-03-01T12:00:00.000Z",
  caller: { subject: "ci@example", auth: "none" },
  engine: { belay: "0.1.0", opa: "1.22.2" },
} as const;
const bundle = { name: "default", revision: digest, sha256: digest };
const decision: DecisionLeaf = {
  ...base,
  kind: "decision",
  bundle,
  entrypoint: "belay/decision/answer",
  verdict: "rollback",
  codes: ["SLO_FAST_BURN"],
  input_c: digest,
  decision_c: digest,
};
const publication: PublicationLeaf = { ...base, kind: "publication", bundle };
const promotion: PromotionLeaf = {
  ...base,
  kind: "promotion",
  channel: "production",
  from: null,
  to: digest,
};

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(leaf: Leaf): string {
  return new TextDecoder().decode(encodeLeaf(leaf));
}

describe("a leaf", () => {
  test.each([decision, publication, promotion])("of kind $kind is its canonical JSON", (leaf) => {
    expect(textOf(leaf)).toBe(canonicalJson(leaf as unknown as JsonValue));
    expect(parseLeaf(encodeLeaf(leaf))).toEqual({ ok: true, leaf });
  });

  test("reads back as it was written, whatever its texts", () => {
    const subject = fc.string({ unit: "grapheme", maxLength: 300 });
    const time = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(subject, time, (text, date) => {
        const leaf = {
          ...decision,
          time: date.toISOString(),
          caller: { subject: text, auth: "none" },
        };
        expect(parseLeaf(encodeLeaf(leaf))).toEqual({ ok: true, leaf });
      }),
    );
  });

  test("of more than 16 KiB is refused both ways", () => {
    const subject = "x".repeat(leafBytesMax);
    const leaf = { ...decision, caller: { subject, auth: "none" } };
    expect(() => encodeLeaf(leaf)).toThrow("at most 16384");
    expect(parseLeaf(bytesOf(canonicalJson(leaf as unknown as JsonValue))).ok).toBe(false);
    const fits = leafBytesMax - textOf({ ...leaf, caller: { subject: "", auth: "none" } }).length;
    const largest = { ...leaf, caller: { subject: "x".repeat(fits), auth: "none" } };
    expect(encodeLeaf(largest).length).toBe(leafBytesMax);
  });

  test.each<[string, Partial<Record<keyof DecisionLeaf, unknown>>]>([
    ["another version", { v: 2 }],
    ["an id of another version", { id: "01936f3e-5a10-4c3b-8f4e-2b6d0c1a9e77" }],
    ["an id in capitals", { id: base.id.toUpperCase() }],
    ["a time without milliseconds", { time: "2026-03-01T12:00:00Z" }],
    ["a time in another zone", { time: "2026-03-01T12:00:00.000+01:00" }],
    ["a day that does not exist", { time: "2026-02-30T12:00:00.000Z" }],
    ["an unknown verdict", { verdict: "maybe" }],
    ["a code in small letters", { codes: ["clear"] }],
    ["a short commitment", { input_c: digest.slice(1) }],
    ["a lone surrogate", { caller: { subject: "\ud800", auth: "none" } }],
    ["an unknown member", { extra: 1 } as never],
  ])("with %s is neither written nor read", (_, change) => {
    const leaf = { ...decision, ...change } as Leaf;
    expect(() => encodeLeaf(leaf)).toThrow("does not fit its schema");
    expect(parseLeaf(bytesOf(JSON.stringify(leaf))).ok).toBe(false);
  });
});

describe("bytes that are not exactly a leaf's are refused", () => {
  const text = textOf(decision);

  test.each([
    ["a space", text.replace(",", ", ")],
    ["another order", `{"v":1,${text.slice(1, -1).replace(',"v":1', "")}}`],
    ["a member twice", text.replace('"v":1', '"v":1,"v":1')],
    ["an escape where none is needed", text.replace("default", "d\\u0065fault")],
    ["another notation of a number", text.replace('"v":1', '"v":1.0')],
    ["a byte order mark", `\uFEFF${text}`],
    ["nothing", ""],
    ["an array", "[]"],
    ["depth", "[".repeat(10_000)],
    ["__proto__", text.replace('"v":1', '"__proto__":{"v":1},"v":1')],
  ])("%s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(parseLeaf(bytesOf(changed)).ok).toBe(false);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = encodeLeaf(decision);
    bytes[20] = 0xff;
    expect(parseLeaf(bytes)).toEqual({ ok: false, message: "not JSON in UTF-8" });
  });

  test("any bytes: parsing never throws, and what it takes it would have written", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = bytesOf(text);
        bytes[at] = byte;
        const parsed = parseLeaf(bytes);
        expect(parsed.ok ? encodeLeaf(parsed.leaf) : bytes).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
