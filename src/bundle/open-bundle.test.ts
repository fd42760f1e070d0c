import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { createTar, type TarFileInput } from "nanotar";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../base/canonical-json.ts";
import type { JsonObject } from "../base/json.ts";
import { openBundle } from "./open-bundle.ts";
import { computeRevision } from "./revision.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const content = [
  { path: "data.json", bytes: bytes("{}") },
  { path: "a/policy.rego", bytes: bytes("package belay.policies.a\n") },
  { path: "policy.wasm", bytes: bytes("\0asm") },
];

const entrypoints = ["belay/decision/answer", "belay/decision/combined"];
const manifest: JsonObject = {
  roots: ["belay"],
  rego_version: 1,
  wasm: entrypoints.map((entrypoint) => ({ entrypoint, module: "/policy.wasm" })),
  metadata: { belay: { name: "demo", description: "", opa: "1.22.2", rules: [] } },
};

function archive(extra: TarFileInput[] = [], changed: JsonObject = {}): Uint8Array {
  const sealed = { ...manifest, revision: computeRevision(content, manifest), ...changed };
  const items = [
    ...content.map((file) => ({ name: `/${file.path}`, data: file.bytes })),
    { name: "/.manifest", data: canonicalJson(sealed) },
    ...extra,
  ];
  return gzipSync(createTar(items));
}

describe("opening a bundle", () => {
  test("gives its name, content and revision", () => {
    const opened = openBundle(archive());
    expect(opened).toMatchObject({
      ok: true,
      bundle: {
        name: "demo",
        revision: computeRevision(content, manifest),
        sources: [{ path: "a/policy.rego", text: "package belay.policies.a\n" }],
        data: {},
      },
    });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["a changed file", archive([], { revision: "0".repeat(64) }), /the content is/],
    ["an added file", archive([{ name: "/b.rego", data: "package b" }]), /the content is/],
    ["a file twice", archive([{ name: "/data.json", data: "{}" }]), /stands twice/],
    ["a path upwards", archive([{ name: "/../x.rego", data: "" }]), /not a plain path/],
    ["a folder", archive([{ name: "/d" }]), /not a regular file/],
    [
      "a manifest of `opa build`",
      archive([], { metadata: {} }),
      /not one that `belay build` writes/,
    ],
    [
      "no answer entrypoint",
      archive([], { wasm: [{ entrypoint: "a", module: "/policy.wasm" }] }),
      /entrypoint `belay\/decision\/answer` is missing/,
    ],
    ["a gzip that is no tar", gzipSync(bytes("hello")), /no tar of plain files/],
    ["no gzip at all", bytes("hello"), /not gzip/],
    ["nothing", new Uint8Array(), /not gzip/],
    ["an archive cut short", archive().subarray(0, 200), /not gzip/],
    ["a gzip bomb", gzipSync(Buffer.alloc(65 * 1024 * 1024)), /at most/],
    ["too large an archive", new Uint8Array(16 * 1024 * 1024 + 1), /at most/],
  ])("refuses %s", (_, hostile, message) => {
    const opened = openBundle(hostile);
    expect(opened).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });

  test("never throws, and never accepts a changed byte, whatever comes", () => {
    const tar = createTar(
      [
        ...content.map((file) => ({ name: `/${file.path}`, data: file.bytes })),
        {
          name: "/.manifest",
          data: canonicalJson({ ...manifest, revision: computeRevision(content, manifest) }),
        },
      ],
      { attrs: { mtime: 0 } },
    );
    const good = openBundle(gzipSync(tar));
    const intact = good.ok ? good.bundle.revision : "refused";
    expect(intact).not.toBe("refused");
    fc.assert(
      fc.property(fc.nat(tar.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const patched = Uint8Array.from(tar);
        patched[at] = (patched[at] ?? 0) ^ mask;
        const opened = openBundle(gzipSync(patched));
        // What may change unnoticed is the tar's own padding and attributes: the content may not.
        const revision = opened.ok ? opened.bundle.revision : intact;
        expect(revision).toBe(intact);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (junk) => {
        expect(openBundle(gzipSync(junk)).ok).toBe(false);
      }),
    );
  });
});
