import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../base/digest.ts";
import { computeRevision } from "./revision.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the revision of a bundle", () => {
  test("is the SHA-256 of what `sha256sum` prints for its files, the manifest without revision", () => {
    const listing =
      `${sha256Hex('{"roots":["belay"]}')}  .manifest\n` +
      `${sha256Hex("package a\n")}  a.rego\n` +
      `${sha256Hex("{}")}  data.json\n`;
    const files = [
      { path: "data.json", bytes: bytes("{}") },
      { path: "a.rego", bytes: bytes("package a\n") },
    ];
    expect(computeRevision(files, { revision: "whatever", roots: ["belay"] })).toBe(
      sha256Hex(listing),
    );
  });

  test("does not depend on the order of the files, nor on signatures", () => {
    const file = fc.record({ path: fc.stringMatching(/^[a-z/]{1,12}$/), bytes: fc.uint8Array() });
    const files = fc.uniqueArray(file, { selector: ({ path }) => path });
    fc.assert(
      fc.property(files, (list) => {
        const signed = [...list, { path: ".signatures.json", bytes: bytes("{}") }];
        expect(computeRevision(signed.reverse(), {})).toBe(computeRevision(list, {}));
      }),
    );
  });

  test("changes with every byte and every name", () => {
    const revision = (path: string, text: string): string =>
      computeRevision([{ path, bytes: bytes(text) }], {});
    const all = [revision("a", "x"), revision("a", "y"), revision("b", "x"), revision("a", "x ")];
    expect(new Set(all).size).toBe(4);
  });
});
