/**
 * @module Rego values as JavaScript holds them: what JSON has, and what it lacks. A set stays a set,
 * an object may have keys of any kind, and a number that no double holds keeps its digits.
 */

/** A number that no double holds exactly, or whose nearest double is written differently. */
export class RegoNumber {
  /** As JSON writes numbers: `123456789012345678901`, `0.1000000000000000055`, `1E+400`. */
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }
}

/** Elements are in OPA's order and distinct. */
export class RegoSet {
  readonly elements: readonly RegoValue[];

  /** Takes elements in any order; equal ones become one. */
  constructor(elements: readonly RegoValue[]) {
    this.elements = sortedUnique(elements, compareValues);
  }
}

/** Entries are in OPA's order of their keys; keys are distinct. */
export class RegoObject {
  readonly entries: readonly (readonly [key: RegoValue, value: RegoValue])[];

  /** Takes entries in any order; of equal keys the first stays. */
  constructor(entries: readonly (readonly [RegoValue, RegoValue])[]) {
    this.entries = sortedUnique(entries, ([a], [b]) => compareValues(a, b));
  }
}

export type RegoValue =
  | null
  | boolean
  | number
  | string
  | RegoNumber
  | readonly RegoValue[]
  | RegoObject
  | RegoSet;

function sortedUnique<T>(items: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const sorted = [...items].sort(compare);
  return sorted.filter((item, at) => at === 0 || compare(sorted[at - 1] as T, item) !== 0);
}

/**
 * OPA's total order (`v1/ast/compare.go`): null, booleans, numbers, strings, arrays, objects, sets.
 * Arrays and sets compare by their elements, objects by their keys and then their values; a prefix
 * comes first.
 */
export function compareValues(a: RegoValue, b: RegoValue): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === "string") return compareText(a, b as string);
  if (typeof a === "boolean") return Number(a) - Number(b);
  if (a === null) return 0;
  if (typeof a === "number" || a instanceof RegoNumber) {
    return compareNumbers(a, b as number | RegoNumber);
  }
  if (a instanceof RegoSet) return compareLists(a.elements, (b as RegoSet).elements);
  if (a instanceof RegoObject) return compareObjects(a, b as RegoObject);
  return compareLists(a, b as readonly RegoValue[]);
}

export function equalValues(a: RegoValue, b: RegoValue): boolean {
  return compareValues(a, b) === 0;
}

function rankOf(value: RegoValue): number {
  if (value === null) return 0;
  if (typeof value === "boolean") return 1;
  if (typeof value === "number" || value instanceof RegoNumber) return 2;
  if (typeof value === "string") return 3;
  if (value instanceof RegoObject) return 5;
  return value instanceof RegoSet ? 6 : 4;
}

/** By bytes of UTF-8, which is the order of code points and not that of UTF-16 units. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
  const isPlain = left < 0xd800 && right < 0xd800;
  return isPlain ? left - right : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compareValues(a[at] as RegoValue, b[at] as RegoValue);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: RegoObject, b: RegoObject): number {
  const length = Math.min(a.entries.length, b.entries.length);
  for (let at = 0; at < length; at++) {
    const [leftKey, leftValue] = a.entries[at] as readonly [RegoValue, RegoValue];
    const [rightKey, rightValue] = b.entries[at] as readonly [RegoValue, RegoValue];
    const order = compareValues(leftKey, rightKey) || compareValues(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return a.entries.length - b.entries.length;
}

function compareNumbers(a: number | RegoNumber, b: number | RegoNumber): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareDecimals(decimalOf(a), decimalOf(b));
}

/** `digits × 10^exponent`, digits without zeros at their end. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: number | RegoNumber): Decimal {
  const literal = typeof value === "number" ? String(value) : value.literal;
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const all = `${whole}${fraction}`;
  const trimmed = all.replace(/0+$/, "");
  const digits = BigInt(`${sign}${trimmed === "" ? "0" : trimmed}`);
  return { digits, exponent: Number(power) - fraction.length + all.length - trimmed.length };
}

/** Compares by magnitude first, so that no power of ten is ever written out beyond need. */
function compareDecimals(a: Decimal, b: Decimal): number {
  const sign = signOf(a.digits) - signOf(b.digits);
  if (sign !== 0 || a.digits === 0n) return sign;
  const direction = signOf(a.digits);
  const magnitude = magnitudeOf(a) - magnitudeOf(b);
  if (magnitude !== 0) return direction * magnitude;
  const shared = Math.min(a.exponent, b.exponent);
  const left = a.digits * 10n ** BigInt(a.exponent - shared);
  const right = b.digits * 10n ** BigInt(b.exponent - shared);
  return left === right ? 0 : left < right ? -1 : 1;
}

function signOf(digits: bigint): number {
  return digits === 0n ? 0 : digits < 0n ? -1 : 1;
}

/** Power of ten of the first digit. */
function magnitudeOf({ digits, exponent }: Decimal): number {
  return String(digits < 0n ? -digits : digits).length + exponent;
}
