/** @module Rego values of every kind, for properties. */

import fc from "fast-check";
import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "./value.ts";

/** Numbers of any size, text of any characters, sets, and objects with keys of any kind. */
export const anyValue: fc.Arbitrary<RegoValue> = fc.letrec<{ value: RegoValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.bigInt().map((digits) => new RegoNumber(String(digits))),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => new RegoNumber(String(n + 0))),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 5 }).map((elements) => new RegoSet(elements)),
    fc
      .array(fc.tuple(tie("value"), tie("value")), { maxLength: 5 })
      .map((entries) => new RegoObject(entries)),
  ),
})).value;
