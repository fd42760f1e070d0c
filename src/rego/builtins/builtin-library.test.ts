import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regoValue } from "../value.arbitrary.ts";
import { formatNotation, parseNotation } from "../value-notation.ts";
import { type BuiltinContext, BuiltinError, BuiltinLimit } from "./builtin.ts";
import { createBuiltinLibrary } from "./builtin-library.ts";

const find = createBuiltinLibrary();

function call(name: string, args: readonly string[], context: BuiltinContext = { nowMs: 0 }) {
  const builtin = find(name);
  if (builtin === undefined) throw new Error(`no builtin ${name}`);
  const result = builtin(
    args.map((arg) => Buffer.from(arg)),
    context,
  );
  return result === undefined ? undefined : Buffer.from(result).toString();
}

const json = JSON.stringify;

test("a value comes back as it was given, whatever it is made of", () => {
  fc.assert(
    fc.property(regoValue, (value) => {
      const notation = formatNotation(value);
      // `object.get` gives the member as it stands.
      const result = call("object.get", [`{"k": ${notation}}`, '"k"', "0"]) ?? "";
      expect(formatNotation(parseNotation(result))).toBe(notation);
    }),
    { numRuns: 300 },
  );
});

test("spaces, and every escape, are read", () => {
  const text = String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d"`;
  expect(call("indexof_n", [`"x"`, `"y"`])).toBe("[]");
  expect(call("crypto.sha256", [text])).toBe(
    call("crypto.sha256", [json((JSON.parse(text) as string).toWellFormed())]),
  );
  expect(call("object.get", ['{"a": {1, [2, {"x": set()}]}, "b": {}}', '"a"', "0"])).toBe(
    '{1,[2,{"x":set()}]}',
  );
});

test("bytes that are no UTF-8 pass unchanged", () => {
  const text = Buffer.from([0x22, 0xff, 0x61, 0xc3, 0x22]);
  const hex = find("hex.encode")?.([text], { nowMs: 0 }) ?? [];
  expect(Buffer.from(hex).toString()).toBe('"ff61c3"');
  const entry = Buffer.concat([Buffer.from('{"k": '), text, Buffer.from("}")]);
  const args = [entry, Buffer.from('"k"'), Buffer.from("0")];
  expect(find("object.get")?.(args, { nowMs: 0 })).toEqual(new Uint8Array(text));
});

test("numbers keep their digits", () => {
  const digits = "123456789012345678901234567890.5";
  expect(
    call("json.patch", ['{"a": 1}', `[{"op": "add", "path": "/b", "value": ${digits}}]`]),
  ).toBe(`{"a":1,"b":${digits}}`);
  expect(call("sprintf", ['"%d"', "[123456789012345678901234567890]"])).toBe(
    '"123456789012345678901234567890"',
  );
});

test("an error is OPA's own words, and no such builtin is undefined", () => {
  expect(() => call("hex.decode", ['"zz"'])).toThrow(
    new BuiltinError("hex.decode: encoding/hex: invalid byte: U+007A 'z'"),
  );
  expect(() => call("hex.decode", ["1"])).toThrow(
    new BuiltinError("hex.decode: operand 1 must be string but got number"),
  );
  expect(find("no.such")).toBeUndefined();
});

test.each(["{", '"', "[1", "{1:", "nul", "1 2 3 {", "}", '"\\x"', '"\\u12"', "1e99999999999"])(
  "what is not in value notation is an error: %s",
  (text) => {
    expect(() => call("hex.encode", [text])).toThrow(BuiltinError);
    expect(call("hex.encode", ['"a"'])).toBe('"61"');
  },
);

test("a panic in OPA's code is told without its stack, and the next call is served", () => {
  // It wants a source of randomness, which there is none of.
  expect(() => call("uuid.rfc4122", ['"a"'])).toThrow(/^uuid\.rfc4122: [^\n]*nil pointer[^\n]*$/);
  expect(call("hex.encode", ['"a"'])).toBe('"61"');
});

test("the clock is the reading of the evaluation, also where OPA's code asks the machine for it", () => {
  const nowMs = 1_795_276_800_123;
  expect(call("time.now_ns", [], { nowMs })).toBe("1795276800123000000");
  const expired = call("io.jwt.encode_sign", [
    '{"alg": "HS256"}',
    json({ exp: nowMs / 1000 - 0.001 }),
    '{"kty": "oct", "k": "c2VjcmV0"}',
  ]);
  const verify = (at: number) =>
    call("io.jwt.decode_verify", [expired ?? "", '{"secret": "secret"}'], { nowMs: at });
  expect(verify(nowMs)).toBe("[false,{},{}]");
  expect(verify(nowMs - 10)).toMatch(/^\[true,/);
});

test("a schema may not refer to the network", () => {
  expect(() => call("json.match_schema", ["{}", '{"$ref": "http://127.0.0.1:1/schema"}'])).toThrow(
    /json.match_schema: .*(not allowed|disabled|allow_net)/,
  );
  expect(call("json.match_schema", ["{}", '{"type": "object"}'])).toBe("[true,[]]");
});

describe("bounds", () => {
  const many = json("a".repeat(20_000));
  const aliases = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const bomb = aliases.map((name, at) => {
    const before = aliases[at - 1];
    return `${name}: &${name} [${Array(9)
      .fill(before === undefined ? "x" : `*${before}`)
      .join()}]`;
  });
  const braces = "{a".repeat(20_000);
  const certificates = "-----BEGIN CERTIFICATE-----\n".repeat(5000);
  const patches = Array.from({ length: 200 }, () => ({ op: "add", path: "/-", value: [1] }));
  const nestedRanges = json(`${"{{range $.a}}".repeat(4)}x${"{{end}}".repeat(4)}`);

  /** What a call comes to: `value`, `limit`, or the words of its error. */
  test.each<[name: string, args: readonly string[], outcome: RegExp]>([
    ["units.parse", ['"1e999999999"'], /exponent too large/],
    ["units.parse_bytes", ['"1e999999999"'], /exponent too large/],
    ["time.add_date", ["9223372036854775807", "1000000000", "0", "0"], /outside of valid range/],
    ["yaml.unmarshal", [json(bomb.join("\n"))], /excessive aliasing/],
    ["numbers.range_step", ["0", "1000000000", "1"], /^limit$/],
    ["net.cidr_expand", ['"0.0.0.0/0"'], /^limit$/],
    ["regex.replace", [many, '"a"', json("b".repeat(50_000))], /^limit$/],
    ["regex.find_n", [many, json("(a*)*".repeat(200)), "-1"], /^value$/],
    ["regex.split", ['"(((a{1,100}){1,100}){1,100})"', many], /error parsing regexp/],
    ["strings.render_template", [nestedRanges, json({ a: Array(1000).fill(1) })], /^limit$/],
    ["graphql.is_valid", [json(braces), json("type Query { a: Query }")], /^limit$/],
    ["graphql.parse_query", [json(braces)], /^limit$/],
    ["json.patch", ["[]", json(patches)], /^value$/],
    ["sprintf", ['"%1000000d"', "[1]"], /^value$/],
    ["glob.quote_meta", [json("*".repeat(1_000_000))], /^value$/],
    ["hex.encode", [`${"[".repeat(100_000)}${"]".repeat(100_000)}`], /^limit$/],
    ["urlquery.decode", [json("%zz".repeat(10))], /invalid URL escape/],
    ["io.jwt.decode", [json("e30.".repeat(10_000))], /encoded JWT must have/],
    ["crypto.x509.parse_certificates", [json(certificates)], /^value$/],
    ["rego.parse_module", ['"a.rego"', json(`package a\nx := ${"[".repeat(50_000)}`)], /^limit$/],
  ])("%s ends, and the next call is served", (name, args, outcome) => {
    expect(outcomeOf(name, args)).toMatch(outcome);
    expect(call("hex.encode", ['"a"'])).toBe('"61"');
  });

  function outcomeOf(name: string, args: readonly string[]): string {
    try {
      return call(name, args) === undefined ? "undefined" : "value";
    } catch (error) {
      if (error instanceof BuiltinLimit) return "limit";
      if (error instanceof BuiltinError) return error.message;
      throw error;
    }
  }

  test("the calls of one evaluation share their steps, and the next evaluation has its own", () => {
    const context = { nowMs: 0 };
    const heavy = () => call("numbers.range_step", ["0", "100000", "1"], context);
    const spend = () => {
      for (let left = 1000; left > 0; left -= 1) heavy();
    };
    expect(spend).toThrow(BuiltinLimit);
    expect(call("hex.encode", ['"a"'], { nowMs: 0 })).toBe('"61"');
  });
});
