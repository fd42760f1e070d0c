import { gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { describe, expect, test } from "vitest";
import { readOpaBundle } from "./opa-bundle.ts";

const archive = (files: Readonly<Record<string, string>>): Uint8Array =>
  gzipSync(createTar(Object.entries(files).map(([name, data]) => ({ name, data }))));

const policy = "package a\n\nx := data.limits.most\n";

describe("any OPA bundle", () => {
  test("gives modules, data by folder, and its own WebAssembly with its entrypoints", () => {
    const manifest = {
      revision: "r",
      wasm: [
        { entrypoint: "a/x", module: "/policy.wasm" },
        { entrypoint: "b", module: "/other.wasm" },
        7,
      ],
    };
    const read = readOpaBundle(
      archive({
        "/.manifest": JSON.stringify(manifest),
        "/a/policy.rego": policy,
        "/data.json": '{"other": 1.0}',
        "/limits/data.yaml": "most: 3\n",
        "/limits/notes.json": "[]",
        "/policy.wasm": "\0asm",
      }),
      "b.tar.gz",
    );
    expect(read).toMatchObject({
      ok: true,
      files: [{ path: "a/policy.rego", text: policy }],
      compiled: { entrypoints: ["a/x"], wasm: Buffer.from("\0asm") },
    });
    expect(JSON.stringify(read.ok && read.data)).toBe('{"other":1.0,"limits":{"most":3}}');
  });

  test("needs neither manifest nor WebAssembly", () => {
    expect(readOpaBundle(archive({ "a.rego": policy }), "b.tar.gz")).toEqual({
      ok: true,
      files: [{ path: "a.rego", text: policy }],
      data: {},
    });
  });

  test.each([
    ["is no archive", new Uint8Array([1, 2, 3]), "b.tar.gz", /not gzip/],
    ["has a broken manifest", archive({ ".manifest": "{" }), "b.tar.gz", /not JSON/],
    ["has broken data", archive({ "a/data.json": "{" }), "a/data.json", /./],
    ["reaches upwards", archive({ "../a.rego": "" }), "b.tar.gz", /not a plain path/],
    [
      "has two values",
      archive({ "data.json": '{"a":1}', "a/data.json": "{}" }),
      "a/data.json",
      /./,
    ],
  ])("is refused where it %s", (_why, bytes, file, message) => {
    const read = readOpaBundle(bytes, "b.tar.gz");
    expect(read).toMatchObject({ ok: false, diagnostics: [{ file }] });
    expect(!read.ok && read.diagnostics[0]?.message).toMatch(message);
  });

  test("takes any manifest that is JSON", () => {
    for (const manifest of ["null", "[]", '{"wasm": {}}', '{"wasm": [null]}']) {
      const read = readOpaBundle(archive({ ".manifest": manifest, "policy.wasm": "x" }), "b");
      expect(read).toMatchObject({ ok: true, compiled: { entrypoints: [] } });
    }
  });
});
