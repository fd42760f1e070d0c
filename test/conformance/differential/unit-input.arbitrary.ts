/** @module Inputs of units: most have the type their name promises, some have another or none. */

import fc, { type Arbitrary } from "fast-check";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";

const number = fc.constantFrom(0, 1, 2, 3, -1, 7, 0.5, 2.25, 100, 1000);
const text = fc.constantFrom(
  "",
  "a",
  "b",
  "abc",
  "aXb",
  " b ",
  "1",
  "2.5",
  "é",
  "[1,2]",
  "1h",
  "YWJj",
);
const scalar: Arbitrary<JsonValue> = fc.oneof(fc.constant(null), fc.boolean(), number, text);
const list = fc.array(fc.oneof(number, text, fc.constant([1, "a"])), { maxLength: 4 });
const numbers = fc.array(number, { maxLength: 4 });
const object = fc.dictionary(fc.constantFrom("a", "b", "c", "list"), scalar, { maxKeys: 3 });
const anything: Arbitrary<JsonValue> = fc.oneof(scalar, list, object);

function mostly(usual: Arbitrary<JsonValue>): Arbitrary<JsonValue> {
  return fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: anything });
}

export const unitInput: Arbitrary<JsonObject> = fc.record(
  {
    n: mostly(number),
    m: mostly(number),
    s: mostly(text),
    t: mostly(text),
    b: mostly(fc.boolean()),
    x: anything,
    list: mostly(fc.oneof(list, numbers)),
    object: mostly(object),
    deep: mostly(fc.record({ a: anything, list })),
  },
  { requiredKeys: [], noNullPrototype: true },
);
