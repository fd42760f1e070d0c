import { z } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { findPlace, parseYamlDocument } from "./yaml-document.ts";

const schema = z.strictObject({ list: z.array(z.strictObject({ n: z.number() })) });
const parse = (text: string): unknown => parseYamlDocument({ path: "x.yaml", text }, schema);

test("gives the value of a document that fits", () => {
  expect(parse("list: [{n: 1}]")).toEqual({ ok: true, value: { list: [{ n: 1 }] } });
});

test("points at the value that does not fit, and at a key that is unknown", () => {
  expect(parse("list:\n  - n: 1\n  - n: one\n    m: 2\n")).toMatchObject({
    ok: false,
    diagnostics: [
      { code: "schema_error", row: 3, col: 5, message: expect.stringContaining("`list.1.n`") },
      { code: "schema_error", row: 4, col: 5, message: expect.stringContaining("`list.1.m`") },
    ],
  });
});

test.each([
  ["a syntax error", "list: [", 1],
  ["a key twice", "list: []\nlist: []\n", 2],
])("says where %s is", (_, text, row) => {
  expect(parse(text)).toMatchObject({ ok: false, diagnostics: [{ code: "yaml_error", row }] });
});

test("an empty document does not fit", () => {
  expect(parse("")).toMatchObject({ ok: false });
});

test("finds the deepest place that exists", () => {
  const text = "a:\n  b:\n    - c: 1\n";
  expect(findPlace(text, ["a", "b", 0, "c"])).toEqual({ row: 3, col: 7 });
  expect(findPlace(text, ["a", "x"])).toEqual({ row: 1, col: 1 });
});

test.each([
  ["brackets", "[".repeat(100_000)],
  ["braces", `${"{a: ".repeat(101)}1${"}".repeat(101)}`],
  ["indented keys", Array.from({ length: 150 }, (_, i) => `${"  ".repeat(i)}a:`).join("\n")],
  ["dashes", "- ".repeat(5000)],
])("refuses a document of %s nested without end, before the parser sees it", (_, text) => {
  expect(parse(text)).toMatchObject({
    ok: false,
    diagnostics: [{ code: "yaml_error", message: "is nested deeper than 100 levels" }],
  });
});

test("refuses a document of more than a mebibyte", () => {
  expect(parse(`#${"x".repeat(1024 * 1024)}`)).toMatchObject({
    diagnostics: [{ message: "has more than 1048576 characters" }],
  });
});
