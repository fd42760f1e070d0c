import fc from "fast-check";
import { expect, test } from "vitest";
import { refusedBuiltins } from "../capabilities.ts";
import { regoValue } from "../value.arbitrary.ts";
import type { RegoValue } from "../value.ts";
import { formatNotation, parseNotation } from "../value-notation.ts";
import { BuiltinError, BuiltinLimit, type FindBuiltin } from "./builtin.ts";
import { createBuiltinLibrary } from "./builtin-library.ts";
import { isCallable, loadDeclared } from "./declarations.fixture.ts";
import { findBuiltin, shortBuiltinNames } from "./find-builtin.ts";
import { formatPlain } from "./sprintf.ts";

const findInLibrary = createBuiltinLibrary();

/** What a builtin answers, its error included. */
function ask(find: FindBuiltin, name: string, args: readonly string[], nowMs: number): string {
  try {
    const bytes = args.map((arg) => Buffer.from(arg));
    const result = find(name)?.(bytes, { nowMs });
    return result === undefined
      ? "undefined"
      : JSON.stringify(JSON.parse(String(Buffer.from(result))));
  } catch (error) {
    if (!(error instanceof BuiltinError)) throw error;
    return error.message;
  }
}

/** The result as one notation has it, which must be a value, or the words of what was thrown. */
function askNotation(name: string, args: readonly string[]): string {
  try {
    const bytes = args.map((arg) => Buffer.from(arg));
    const result = findBuiltin(name)?.(bytes, { nowMs: 0 });
    return result === undefined
      ? "undefined"
      : formatNotation(parseNotation(Buffer.from(result).toString()));
  } catch (error) {
    const isForeseen = error instanceof BuiltinError || error instanceof BuiltinLimit;
    if (!isForeseen) panicking.add(name);
    return String(error);
  }
}

/** Builtins whose code panicked: that aborts the evaluation, and it is OPA's to mend. */
const panicking = new Set<string>();

/** In OPA 1.22.2: `io.jwt.decode_verify("", {null: null})`. */
const knownToPanic = ["io.jwt.decode_verify"];

/** Mostly what builtins take, so that they get further than their first look at it. */
const anyArgument: fc.Arbitrary<RegoValue> = fc.oneof(
  regoValue,
  fc.constantFrom("", "a", "1.2.3", "10.0.0.0/8", "[a-z]+", "2026-01-01T00:00:00Z", "{{.a}}", "1h"),
  fc.integer({ min: -10, max: 5_000 }),
);

function expectSame(name: string, args: readonly string[], nowMs = 0): void {
  expect(ask(findBuiltin, name, args, nowMs)).toBe(ask(findInLibrary, name, args, nowMs));
}

const plainElement = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 999_999_999_999_999, 1_000_000_000_000_000),
);
const anyElement = fc.oneof(
  { weight: 4, arbitrary: plainElement.map((value) => formatNotation(value)) },
  fc.constantFrom("1.0", "-0", "1e3", "0.1", "null", "true", "set()", "{1, 2}", '{"a": 1}', "[]"),
);
const part = fc.oneof(
  fc.constantFrom("%s", "%d", "%v", "%%", "%q", "%.2f", "%5d", "%", "%[1]d", "%t"),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);

test("sprintf prints what Go prints, whatever it is given", () => {
  const parts = fc.array(part, { maxLength: 6 });
  const elements = fc.array(anyElement, { maxLength: 4 });
  fc.assert(
    fc.property(parts, elements, (format, list) => {
      const args = [JSON.stringify(format.join("")), `[${list.join(", ")}]`];
      expectSame("sprintf", args);
    }),
    { numRuns: 500 },
  );
});

test("sprintf of strings and integers needs no Go", () => {
  const printed = formatPlain([
    Buffer.from('"%s: %d of %v (100%%)"'),
    Buffer.from('["é\\n", -3, 12]'),
  ]);
  expect(Buffer.from(printed ?? []).toString()).toBe('"é\\n: -3 of 12 (100%)"');
});

test.each([
  ['"%d"', "[]"],
  ['"%s"', '["a", "b"]'],
  ['"a"', '["b"]'],
  ['"%s"', '{"a"}'],
  ["1", "[]"],
  ['"$& $1 %s"', '["$& $$"]'],
])("sprintf(%s, %s) is Go's, errors included", (format, list) => {
  expectSame("sprintf", [format, list]);
});

test("time.now_ns and trace answer what OPA's code does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000_000_000_000 }), anyElement, (nowMs, note) => {
      expectSame("time.now_ns", [], nowMs);
      expectSame("trace", [note], nowMs);
    }),
    { numRuns: 100 },
  );
  expect(shortBuiltinNames).toEqual(["sprintf", "time.now_ns", "trace"]);
});

test("what is refused when a policy is compiled is not found, and what there is not neither", () => {
  for (const name of Object.keys(refusedBuiltins)) expect(findBuiltin(name)).toBeUndefined();
  for (const name of ["no.such", "toString", "__proto__"])
    expect(findBuiltin(name)).toBeUndefined();
  expect(findBuiltin("semver.compare")).toBeTypeOf("function");
});

test("every builtin answers whatever it is given, and the same each time", async () => {
  const { declarations, hostCalls } = await loadDeclared();
  const answered = declarations.filter(
    ({ name }) => hostCalls.has(name) && findBuiltin(name) !== undefined,
  );
  expect(answered.length).toBeGreaterThan(80);
  for (const { name, decl } of answered.filter(isCallable)) {
    const arity = decl.args?.length ?? 0;
    const args = fc.array(anyArgument, { minLength: arity, maxLength: arity });
    fc.assert(
      fc.property(args, (values) => {
        const given = values.map((value) => formatNotation(value));
        const answer = askNotation(name, given);
        expect(askNotation(name, given)).toBe(answer);
      }),
      { numRuns: 12 },
    );
  }
  expect(knownToPanic).toEqual(expect.arrayContaining([...panicking]));
});
