import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDataFile, parseJsonOrYaml } from "./data-document.ts";

const input = (text: string) => parseJsonOrYaml({ path: "in", text });

describe("an input document", () => {
  test("is JSON, with numbers as they are written", () => {
    const parsed = input('{"a": [1.0, 12345678901234567890], "b": null}');
    expect(JSON.stringify(parsed.ok && parsed.value)).toBe(
      '{"a":[1.0,12345678901234567890],"b":null}',
    );
  });

  test.each([
    ["a: 1\nb: [x, yes]\n", { a: 1, b: ["x", "yes"] }],
    ["- a\n- {b: ~}\n", ["a", { b: null }]],
    ["", null],
    ["plain text", "plain text"],
  ])("is else YAML: %j", (text, value) => {
    expect(input(text)).toEqual({ ok: true, value });
  });

  test.each([
    ['{"a": 1,\n "é": ]', { code: "json_error", row: 2, col: 7 }],
    ["a: 1\nb: [1\n", { code: "yaml_error" }],
    ["a: .inf\n", { code: "schema_error", row: 1 }],
    ["[".repeat(100_000), { code: "json_error" }],
  ])("is refused with its place where it is neither: %#", (text, diagnostic) => {
    expect(input(text)).toMatchObject({ ok: false, diagnostics: [{ file: "in", ...diagnostic }] });
  });

  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const parsed = input(text);
        expect(parsed.ok || parsed.diagnostics.length).toBeTruthy();
      }),
    );
  });
});

test("a data file called `.json` is JSON and nothing else", () => {
  expect(parseDataFile({ path: "a.json", text: "a: 1" })).toMatchObject({
    ok: false,
    diagnostics: [{ code: "json_error", file: "a.json", row: 1, col: 1 }],
  });
  expect(parseDataFile({ path: "a.yaml", text: "a: 1" })).toEqual({ ok: true, value: { a: 1 } });
});
