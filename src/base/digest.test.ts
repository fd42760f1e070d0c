import { expect, test } from "vitest";
import { sha256Hex } from "./digest.ts";

// FIPS 180-2, appendix B.1.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

test("hashes text as its UTF-8 bytes", () => {
  expect(sha256Hex("abc")).toBe(abc);
  expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(abc);
  expect(sha256Hex("ü")).toBe(sha256Hex(new Uint8Array([0xc3, 0xbc])));
});
