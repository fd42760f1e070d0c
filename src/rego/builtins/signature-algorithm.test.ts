import { expect, test } from "vitest";
import { BuiltinError } from "./builtin.ts";
import { findBuiltin } from "./find-builtin.ts";

const key =
  '{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}';

function sign(name: string, headers: string, payload: string): string {
  const args = [headers, payload, name.endsWith("_raw") ? JSON.stringify(key) : key];
  const bytes = args.map((arg) => Buffer.from(arg));
  return Buffer.from(findBuiltin(name)?.(bytes, { nowMs: 0 }) ?? []).toString();
}

const raw = (headers: string) => JSON.stringify(headers);

test("a signature that follows from its arguments is made, the same each time", () => {
  const signed = sign("io.jwt.encode_sign", '{"alg": "HS256", "kid": "ES256 or so"}', '{"a": 1}');
  expect(signed).toMatch(/^"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"$/);
  expect(sign("io.jwt.encode_sign", '{"alg": "HS256", "kid": "ES256 or so"}', '{"a": 1}')).toBe(
    signed,
  );
  expect(sign("io.jwt.encode_sign_raw", raw('{"alg": "HS256"}'), raw('{"a": 1}'))).toMatch(/^"eyJ/);
});

test.each([
  ["io.jwt.encode_sign", '{"alg": "ES256"}'],
  ["io.jwt.encode_sign", '{"typ": "JWT", "alg": "PS512"}'],
  ["io.jwt.encode_sign", String.raw`{"alg": "E\u0053256"}`],
  ["io.jwt.encode_sign_raw", raw('{"alg": "ES384"}')],
  ["io.jwt.encode_sign_raw", raw('{"alg":"ES256","alg":"HS256"}')],
  ["io.jwt.encode_sign_raw", raw(String.raw`{"alg": "\u0050S256"}`)],
])("%s with %s ends the evaluation", (name, headers) => {
  const attempt = () => sign(name, headers, name.endsWith("_raw") ? raw("{}") : "{}");
  expect(attempt).toThrow(/draws randomness, and a decision must replay the same$/);
  expect(attempt).not.toThrow(BuiltinError);
});

test("headers that name no algorithm are OPA's to judge", () => {
  expect(() => sign("io.jwt.encode_sign_raw", raw("no JSON"), raw("{}"))).toThrow(BuiltinError);
});
