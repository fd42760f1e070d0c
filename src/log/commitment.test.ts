import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommitment, createSalt, verifyCommitment } from "./commitment.ts";

const salts = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));

test("is HMAC-SHA256 (RFC 2104) with the salt's bytes as the key", () => {
  fc.assert(
    fc.property(salts, fc.string({ unit: "grapheme" }), (salt, text) => {
      const plain = createHmac("sha256", Buffer.from(salt, "hex")).update(text, "utf8");
      expect(createCommitment(salt, text)).toBe(plain.digest("hex"));
      expect(verifyCommitment(createCommitment(salt, text), salt, text)).toBe(true);
    }),
  );
});

test("another salt, another text or a changed commitment does not verify", () => {
  const salt = createSalt();
  const commitment = createCommitment(salt, "said");
  expect(verifyCommitment(commitment, createSalt(), "said")).toBe(false);
  expect(verifyCommitment(commitment, salt, "said ")).toBe(false);
  expect(verifyCommitment(commitment.toUpperCase(), salt, "said")).toBe(false);
  expect(verifyCommitment("", salt, "said")).toBe(false);
});

test("a malformed salt never verifies and is never used", () => {
  for (const salt of ["", "00", "g".repeat(64), "A".repeat(64), `${"0".repeat(64)}00`]) {
    expect(verifyCommitment("0".repeat(64), salt, "said")).toBe(false);
    expect(() => createCommitment(salt, "said")).toThrow("64 hex digits");
  }
});

test("salts do not repeat", () => {
  const many = Array.from({ length: 1_000 }, createSalt);
  expect(new Set(many).size).toBe(many.length);
  expect(many.every((salt) => /^[0-9a-f]{64}$/.test(salt))).toBe(true);
});
