import { describe, expect, test } from "vitest";
import { isPlainPath, parsePack } from "./pack.ts";

const header = { path: "pack.yaml", text: "name: demo\n" };
const policy = { path: "a/policy.rego", text: "package belay.policies.a\n" };

describe("parsing a pack", () => {
  test("sorts modules and documents and leaves other files out", () => {
    const parsed = parsePack([
      { path: "b/cases/one.yaml", text: "description: x\n" },
      policy,
      header,
      { path: "README.json", text: "{}" },
      { path: "data.yaml", text: "belay:\n  settings:\n    policies:\n      a: {mode: shadow}\n" },
    ]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    expect(parsed.pack.modules).toEqual([policy]);
    expect(parsed.pack.documents.map((file) => file.path)).toEqual([
      "b/cases/one.yaml",
      "pack.yaml",
    ]);
    expect(parsed.pack.settings).toEqual({ policies: { a: { mode: "shadow" } } });
  });

  test("reports every problem at once, with file, row and column", () => {
    const parsed = parsePack([
      { path: "pack.yaml", text: "name: Demo Pack\nversion: 1\n" },
      { path: "data.yaml", text: "belay:\n  settings:\n    policies:\n      a: {mode: on}\n" },
      { path: "../up.rego", text: "" },
      { path: "belay/verdict.rego", text: "" },
    ]);
    if (parsed.ok) throw new Error("accepted");
    expect(parsed.diagnostics.map(({ file, row, col }) => `${file}:${row}:${col}`)).toEqual([
      "../up.rego:0:0",
      "belay/verdict.rego:0:0",
      "pack.yaml:1:1",
      "pack.yaml:2:1",
      "data.yaml:4:11",
    ]);
  });

  test("refuses a pack without header, without Rego, with a file twice, with two data files", () => {
    const codes = (files: Parameters<typeof parsePack>[0]): readonly string[] => {
      const parsed = parsePack(files);
      return parsed.ok ? [] : parsed.diagnostics.map((d) => `${d.file} ${d.message}`);
    };
    expect(codes([policy])).toEqual([
      "pack.yaml is missing: a pack needs at least `name: my-pack`",
    ]);
    expect(codes([header])).toEqual([" the pack has no Rego file"]);
    expect(codes([header, policy, policy])).toEqual(["a/policy.rego stands twice in the pack"]);
    expect(
      codes([header, policy, { path: "data.json", text: "{}" }, { path: "data.yaml", text: "{}" }]),
    ).toEqual(["data.yaml stands beside `data.json`"]);
  });

  test("a YAML bomb is an error, not a hang", () => {
    const bomb = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? "a0: &a0 [x, x]" : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
    ).join("\n");
    const parsed = parsePack([header, policy, { path: "data.yaml", text: bomb }]);
    expect(parsed).toMatchObject({ ok: false, diagnostics: [{ code: "yaml_error" }] });
  });
});

test.each([
  ["a/b.rego", true],
  ["/a", false],
  ["a//b", false],
  ["a/../b", false],
  ["a\\b", false],
  ["", false],
  ["a b", false],
  ["ü.rego", false],
  ["x".repeat(201), false],
])("plain path %s: %s", (path, plain) => {
  expect(isPlainPath(path)).toBe(plain);
});
