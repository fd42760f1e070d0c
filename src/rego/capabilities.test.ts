import { beforeAll, expect, test } from "vitest";
import { type Declared, loadDeclared } from "./builtins/declarations.fixture.ts";
import { findBuiltin } from "./builtins/find-builtin.ts";
import { refusalMessages, refusedBuiltins } from "./capabilities.ts";

let declared: Declared;

beforeAll(async () => {
  declared = await loadDeclared();
});

test("every builtin that needs a host is answered or refused", () => {
  const { hostCalls } = declared;
  expect(hostCalls.size).toBeGreaterThan(80);
  const refused = Object.keys(refusedBuiltins);
  expect([...hostCalls]).toEqual(expect.arrayContaining(refused));
  const unanswered = [...hostCalls].filter((name) => findBuiltin(name) === undefined);
  expect(unanswered.sort()).toEqual(refused.sort());
});

test("whatever OPA calls nondeterministic is refused, but for the clock, schemas without network, and signing", () => {
  const nondeterministic = declared.declarations.filter((builtin) => builtin.nondeterministic);
  expect(nondeterministic.length).toBeGreaterThan(5);
  const missing = nondeterministic
    .map((builtin) => builtin.name)
    .filter((name) => !(name in refusedBuiltins));
  expect(missing.sort()).toEqual([
    "io.jwt.decode_verify",
    "io.jwt.encode_sign",
    "io.jwt.encode_sign_raw",
    "json.match_schema",
    "json.verify_schema",
    "time.now_ns",
  ]);
});

test("each message names the builtin, and its reason", () => {
  expect(refusalMessages["opa.runtime"]).toBe(
    "builtin `opa.runtime` is refused: it reads the environment, and a decision depends on its input alone",
  );
});
