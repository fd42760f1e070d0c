/** @module Values of every kind, drawn at random, for the tests of what holds them. */

import fc, { type Arbitrary } from "fast-check";
import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "./value.ts";

const digits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String);
const decimal = fc
  .tuple(digits, fc.nat({ max: 10 ** 9 }), fc.integer({ min: -400, max: 400 }))
  .map(([whole, fraction, power]) => `${whole}.${fraction}e${power}`);

/** Numbers as JSON writes them, of any size. */
export const numberLiteral: Arbitrary<string> = fc.oneof(
  fc.constantFrom("0", "-0.0", "1.50", "1e3", "0.1", "9007199254740993", "1E-7"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  digits,
  decimal,
);

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "\u{1F600}", "\uffff", "a\u0000b", '"\\', "\u2028"),
);

export const regoValue: Arbitrary<RegoValue> = fc.letrec<{ value: RegoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0),
    digits.filter((literal) => literal.length > 17).map((literal) => new RegoNumber(literal)),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }).map((elements) => new RegoSet(elements)),
    fc
      .array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 })
      .map((entries) => new RegoObject(entries)),
  ),
})).value;
