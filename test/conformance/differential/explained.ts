/**
 * @module Where a compiled module is known to answer otherwise than topdown, and why. Each entry
 * recognises as little as it can, and carries the smallest policy that shows it.
 */

import type { JsonObject } from "../../../src/base/json.ts";
import {
  compareValues,
  equalValues,
  RegoNumber,
  RegoObject,
  RegoSet,
  type RegoValue,
} from "../../../src/rego/value.ts";
import type { Pair } from "./two-engines.ts";

export interface Explanation {
  readonly name: string;
  readonly reason: string;
  readonly example: { readonly rules: string; readonly input: JsonObject };
  readonly recognises: (pair: Pair) => boolean;
}

/** Rules that calculate, so that numbers may be decimals of many digits. */
const calculates = / [-+*/] |sum\(|product\(/;

/** Rules that make an array by iteration. */
const iterates = /\[.* \| .* in |walk\(/;

export const explanations: readonly Explanation[] = [
  {
    name: "digits of a quotient",
    reason: "OPA's WebAssembly divides with 18 digits, topdown with 64 bits",
    example: { rules: "r := 1 / 3", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      / [/%] /.test(rules) && matches(wasm, topdown, { number: isSameDouble, text: isSame }),
  },
  {
    name: "digits of a decimal",
    reason: "OPA's WebAssembly calculates with decimals, topdown with 64 bits",
    example: { rules: "r := 3.14159 - 3", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      calculates.test(rules) && matches(wasm, topdown, { number: isSameDouble, text: isSame }),
  },
  {
    name: "digits in a text",
    reason: "OPA's WebAssembly writes a decimal with the zeros that its calculation left",
    example: { rules: "r := json.marshal(2.25 + 0.25)", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      calculates.test(rules) &&
      /json\.marshal\(|sprintf\(|\$"/.test(rules) &&
      matches(wasm, topdown, { number: isSameDouble, text: hasSameNumbers }),
  },
  {
    name: "printing a large decimal",
    reason: "OPA's WebAssembly keeps zeros after the point, which `%d` takes for no whole number",
    example: { rules: 'r := sprintf("%d", [9007199254740993.0 + 0])', input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      /sprintf\(/.test(rules) &&
      matches(wasm, topdown, { number: isSame, text: isPrintedOtherwise }),
  },
  {
    name: "a large decimal for a whole number",
    reason: "OPA's WebAssembly takes none with a point, even before zeros, beyond 32 bits",
    example: { rules: "r := bits.and(9007199254740993.0, 1)", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      /9007199254740993/.test(rules) &&
      (/\d\.0/.test(rules) || calculates.test(rules)) &&
      /(bits\.(and|lsh)|substring)\(/.test(rules) &&
      wasm.kind === "undefined" &&
      topdown.kind === "value",
  },
  {
    name: "the fraction of a large product",
    reason: "OPA's WebAssembly keeps it, topdown has no digits for it and comes to a whole number",
    example: { rules: "r := product([1.5, 9007199254740993]) % 7", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      /product\(\[.*9007199254740993/.test(rules) &&
      / % /.test(rules) &&
      wasm.kind === "undefined" &&
      topdown.kind === "value",
  },
  {
    name: "whole numbers next to a small negative one",
    reason: "topdown rounds -0.25 up to 1 and down to 0; OPA's WebAssembly is right",
    example: { rules: "r := ceil(input.n)", input: { n: -0.25 } },
    recognises: ({ rules, wasm, topdown }) =>
      /(ceil|floor)\(/.test(rules) &&
      matches(wasm, topdown, { number: isRoundedOtherwise, text: isSame }),
  },
  {
    name: "text that is no number",
    reason: "OPA's WebAssembly takes it for one; a decision that holds it escalates",
    example: { rules: "r := to_number(input.s)", input: { s: "." } },
    recognises: ({ rules, wasm, topdown }) =>
      /to_number\(/.test(rules) &&
      wasm.kind === "error" &&
      wasm.message.startsWith("SyntaxError") &&
      topdown.kind !== "error",
  },
  {
    name: "order in a text",
    reason: "OPA's WebAssembly writes sets and objects in the order they were built",
    example: { rules: 'r := json.marshal({"b": 1, "a": 2})', input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      /json\.marshal\(|concat\(|sprintf\(|\$"/.test(rules) &&
      matches(wasm, topdown, { number: isSame, text: isReordered }),
  },
  {
    name: "order in a text that is read",
    reason: "What a builtin or a comparison makes of such a text differs, too",
    example: { rules: 'r := substring(json.marshal({"b": 1, "a": 2}), 0, 3)', input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      isRead(rules, /json\.marshal\(|\$"/) && wasm.kind !== "error" && topdown.kind !== "error",
  },
  {
    name: "order of iteration",
    reason: "OPA's WebAssembly walks over objects and sets in the order they were built",
    example: { rules: "r := [x | some x in input]", input: { b: 1, a: 2 } },
    recognises: ({ rules, wasm, topdown }) =>
      iterates.test(rules) &&
      wasm.kind === "value" &&
      topdown.kind === "value" &&
      equalValues(withoutOrder(wasm.value), withoutOrder(topdown.value)),
  },
  {
    name: "order of an iteration that is read",
    reason: "What a builtin or a comparison makes of such an array differs, too",
    example: {
      rules: "r := array.slice([x | some x in input], 0, 1)",
      input: { b: 1, a: 2 },
    },
    recognises: ({ rules, wasm, topdown }) =>
      isRead(rules, iterates) && wasm.kind !== "error" && topdown.kind !== "error",
  },
  {
    name: "equal numbers, written differently",
    reason: "OPA's WebAssembly finds members by how small numbers are written, so a set holds both",
    example: { rules: "r := count({0.25 * 0.0000002, 0.00000005})", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      calculates.test(rules) &&
      /0\.0{6}/.test(rules) &&
      wasm.kind === "value" &&
      topdown.kind === "value",
  },
  {
    name: "replacing an empty text",
    reason: "OPA's WebAssembly goes on without end; the bound on steps ends it",
    example: { rules: 'r := replace(input.s, "", "-")', input: { s: "ab" } },
    recognises: ({ rules, wasm, topdown }) =>
      /replace\(/.test(rules) &&
      wasm.kind === "error" &&
      wasm.code === "limit" &&
      topdown.kind !== "error",
  },
  {
    name: "zero divided by zero",
    reason: "OPA's WebAssembly stops the evaluation, where the expression is undefined",
    example: { rules: "r := input.n / input.n", input: { n: 0 } },
    recognises: ({ rules, wasm, topdown }) =>
      / \/ /.test(rules) &&
      wasm.kind === "error" &&
      wasm.message === "opa_arith_divide: invalid number" &&
      topdown.kind !== "error",
  },
  {
    name: "format_int of a large number",
    reason: "OPA's WebAssembly stops the evaluation where the number has no 32 bits",
    example: { rules: "r := format_int(9007199254740993, 2)", input: {} },
    recognises: ({ rules, wasm }) =>
      /format_int\(/.test(rules) &&
      wasm.kind === "error" &&
      wasm.message === "strings: get uint failed",
  },
  {
    name: "format_int of many digits",
    reason: "OPA's WebAssembly has room for 20 digits and leaves out what follows",
    example: { rules: "r := format_int(1048576, 2)", input: {} },
    recognises: ({ rules, wasm, topdown }) =>
      /format_int\(/.test(rules) && matches(wasm, topdown, { number: isSame, text: isCutShort }),
  },
  {
    name: "searching an empty text",
    reason: "OPA's WebAssembly finds it at the beginning, where OPA fails",
    example: { rules: 'r := indexof(input.s, "")', input: { s: "a" } },
    recognises: ({ rules, topdown }) =>
      /indexof\(.*, ""\)/.test(rules) && topdown.kind === "undefined",
  },
  {
    name: "text behind JSON",
    reason: "OPA's WebAssembly does not look at what follows a value",
    example: { rules: "r := json.is_valid(input.s)", input: { s: "1h" } },
    recognises: ({ rules, input, wasm, topdown }) =>
      (/json\.(is_valid|unmarshal)\((?!input\.|json\.marshal)[a-z$]/.test(rules) ||
        (/json\.(is_valid|unmarshal)\(/.test(rules) && /"\d+[a-z]/.test(JSON.stringify(input)))) &&
      wasm.kind === "value" &&
      topdown.kind !== "error",
  },
  {
    name: "base64 of nothing",
    reason: "OPA's WebAssembly fails where there is nothing to decode",
    example: { rules: "r := base64.decode(input.s)", input: { s: "" } },
    recognises: ({ rules, wasm }) => /base64\.decode\(/.test(rules) && wasm.kind === "undefined",
  },
  {
    name: "text that is no base64",
    reason: "OPA's WebAssembly decodes as far as it can, where OPA fails",
    example: { rules: "r := base64.decode(input.s)", input: { s: "abc" } },
    recognises: ({ rules, wasm }) => /base64\.decode\(/.test(rules) && wasm.kind === "value",
  },
];

/** The first that explains why the engines disagree. */
export function findExplanation(pair: Pair): Explanation | undefined {
  return explanations.find(({ recognises }) => recognises(pair));
}

interface Leaves {
  readonly number: (a: number | RegoNumber, b: number | RegoNumber) => boolean;
  readonly text: (a: string, b: string) => boolean;
}

/** Whether both are values of one shape, whose leaves are as alike as `leaves` asks. */
function matches(a: Pair["wasm"], b: Pair["topdown"], leaves: Leaves): boolean {
  return a.kind === "value" && b.kind === "value" && alike(a.value, b.value, leaves);
}

function alike(a: RegoValue, b: RegoValue, leaves: Leaves): boolean {
  if (typeof a === "string" && typeof b === "string") return leaves.text(a, b);
  if (isNumber(a) && isNumber(b)) return leaves.number(a, b);
  if (a instanceof RegoSet && b instanceof RegoSet) {
    return areAlike(a.elements, b.elements, leaves);
  }
  if (a instanceof RegoObject && b instanceof RegoObject) {
    return areAlike(a.entries.flat(), b.entries.flat(), leaves);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return areAlike(a as readonly RegoValue[], b as readonly RegoValue[], leaves);
  }
  return a === b;
}

function areAlike(a: readonly RegoValue[], b: readonly RegoValue[], leaves: Leaves): boolean {
  return a.length === b.length && a.every((one, at) => alike(one, b[at] as RegoValue, leaves));
}

/** With the elements of every array in OPA's order. */
function withoutOrder(value: RegoValue): RegoValue {
  if (Array.isArray(value)) {
    return (value as readonly RegoValue[]).map(withoutOrder).sort(compareValues);
  }
  if (value instanceof RegoSet) return new RegoSet(value.elements.map(withoutOrder));
  if (!(value instanceof RegoObject)) return value;
  return new RegoObject(value.entries.map(([key, member]) => [key, withoutOrder(member)]));
}

function isNumber(value: RegoValue): value is number | RegoNumber {
  return typeof value === "number" || value instanceof RegoNumber;
}

function doubleOf(value: number | RegoNumber): number {
  return typeof value === "number" ? value : Number(value.literal);
}

/** The same number to 15 digits; integers have no digits to lose. */
function isSameDouble(a: number | RegoNumber, b: number | RegoNumber): boolean {
  const [left, right] = [doubleOf(a), doubleOf(b)];
  return left === right || Math.abs(left - right) <= 1e-15 * Math.abs(left);
}

function isSame<T extends string | number | RegoNumber>(a: T, b: T): boolean {
  return a instanceof RegoNumber && b instanceof RegoNumber ? a.literal === b.literal : a === b;
}

/** Between -1 and 0, where topdown is wrong. */
function isRoundedOtherwise(a: number | RegoNumber, b: number | RegoNumber): boolean {
  return isSame(a, b) || (a === 0 && b === 1) || (a === -1 && b === 0);
}

/** Whether the texts differ in how they write numbers only. */
function hasSameNumbers(a: string, b: string): boolean {
  const number = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi;
  const [left, right] = [a, b].map((text) => text.match(number)?.map(Number) ?? []);
  return (
    a.replaceAll(number, "#") === b.replaceAll(number, "#") &&
    left?.every((one, at) => isSameDouble(one, right?.[at] ?? Number.NaN)) === true
  );
}

function isPrintedOtherwise(a: string, b: string): boolean {
  return a === b || (a.includes("%!d(float64=") && !b.includes("%!d("));
}

function isCutShort(a: string, b: string): boolean {
  return a === b || (/^-?[01]{20}$/.test(a) && b.startsWith(a));
}

/** Builtins to which it matters in which order letters or elements stand. */
const readers =
  "substring|indexof|split|replace|trim|trim_space|sha256|encode|startswith|endswith|contains|match|slice";

/** Whether what `source` is goes to one of them, is compared, or has its places looked at. */
function isRead(rules: string, { source }: RegExp): boolean {
  const comparison = " (?:[=!<>]=|[<>]) ";
  const before = `(?:${readers})\\(|${comparison}|\\w+, \\w+ in `;
  return new RegExp(`(?:${before}).*(?:${source})|(?:${source}).*(?:${comparison}|\\]\\[)`).test(
    rules,
  );
}

function isReordered(a: string, b: string): boolean {
  const sorted = (text: string) => text.split("").sort().join("");
  return a.length === b.length && sorted(a) === sorted(b);
}
