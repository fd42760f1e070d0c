import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExactJson } from "../base/exact-json.ts";
import { mergeDocuments } from "./base-document.ts";

const at = (file: string, path: readonly string[], value: unknown) => ({
  file,
  path,
  value: value as never,
});

describe("the base document", () => {
  test("is what each document says, at its place", () => {
    const merged = mergeDocuments([
      at("a.json", [], { a: { b: 1 }, list: [1] }),
      at("a/x.yaml", ["a"], { c: 2 }),
      at("deep.json", ["a", "d", "e"], [true]),
    ]);
    expect(merged).toEqual({
      ok: true,
      data: { a: { b: 1, c: 2, d: { e: [true] } }, list: [1] },
    });
  });

  test("refuses a second value at one place, and names the file and the place", () => {
    const merged = mergeDocuments([
      at("a.json", [], { a: { b: 1 }, c: {} }),
      at("b.json", ["a"], { b: 1 }),
      at("c.json", [], { a: 1 }),
      at("d.json", [], { c: {} }),
    ]);
    expect(merged).toMatchObject({
      ok: false,
      diagnostics: [
        { file: "b.json", message: "`data.a.b` has a value already" },
        { file: "c.json", message: "`data.a` has a value already" },
      ],
    });
  });

  test("has an object at its root", () => {
    for (const value of [[1], 1, null, "a", parseExactJson("1.0")]) {
      expect(mergeDocuments([at("a.json", [], value)])).toMatchObject({
        ok: false,
        diagnostics: [{ code: "data_error", file: "a.json" }],
      });
    }
  });

  test("is one document, whatever that says, and names such as `__proto__` are names", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        expect(mergeDocuments([at("a.json", [], document)])).toEqual({ ok: true, data: document });
      }),
    );
    const hostile = parseExactJson('{"__proto__":{"a":1}}');
    const merged = mergeDocuments([at("a", [], hostile), at("b", ["__proto__"], { b: 2 })]);
    expect(JSON.stringify(merged.ok && merged.data)).toBe('{"__proto__":{"a":1,"b":2}}');
    expect(({} as Record<string, unknown>)["b"]).toBeUndefined();
  });
});
