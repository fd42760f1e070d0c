/**
 * @module Units: a few rules that answer one document, `r`, drawn at random. A module holds many of
 * them, each in a package of its own, so that one compilation serves them all.
 */

import fc, { type Arbitrary } from "fast-check";
import { expression, fill } from "./rego-expression.arbitrary.ts";

const depthMax = 2;

const statements: readonly string[] = [
  "$truth",
  "not $truth",
  "some $x in $array; $truth",
  "some $i, $x in $object; $truth",
  "every $x in $array { $truth }",
  "every $i, $x in $object { $truth }",
  "$any == $any",
  "[$x, 1] = $array; $truth",
  '{"a": $x} = $object; $truth',
  "$x := $any; $x != $any",
  "$truth with input.n as $number",
  "$truth with input as $object",
];

function body(): Arbitrary<string> {
  const statement = fc
    .constantFrom(...statements)
    .chain((pattern) => fill(pattern, depthMax - 1, []));
  return fc.oneof({ withCrossShrink: true }, fc.constant("true"), statement);
}

const of = (kind: Parameters<typeof expression>[0], depth = depthMax) => expression(kind, depth);

/** Every shape of rules, with what it is made of. */
const units: readonly Arbitrary<string>[] = [
  of("any").map((value) => `r := ${value}`),
  fc.tuple(of("any"), body()).map(([value, when]) => `r := ${value} if {\n\t${when}\n}`),
  fc
    .tuple(of("any"), of("any"), body(), body(), expression("any", 0))
    .map(([first, second, when, otherwise, absent]) => {
      const rule = `r := ${first} if {\n\t${when}\n} else := ${second} if {\n\t${otherwise}\n}`;
      return /input|\{x \|/.test(absent) ? rule : `default r := ${absent}\n\n${rule}`;
    }),
  fc
    .tuple(expression("any", 1), expression("any", 1), body(), body())
    .map(([a, b, c, d]) => `r := ${a} if {\n\t${c}\n}\n\nr := ${b} if {\n\t${d}\n}`),
  fc
    .tuple(of("any"), of("any"), body(), body())
    .map(([a, b, c, d]) => `r contains ${a} if {\n\t${c}\n}\n\nr contains ${b} if {\n\t${d}\n}`),
  fc
    .tuple(of("text"), of("any"), expression("any", 1), of("any"), body())
    .map(
      ([key, value, otherKey, other, when]) =>
        `r[k] := v if {\n\tk := ${key}\n\tv := ${value}\n}\n\nr[k] := v if {\n\tk := ${otherKey}\n\tv := ${other}\n\t${when}\n}`,
    ),
  fc
    .tuple(expression("any", 2, ["a"]), expression("any", 1), of("any"), of("array"))
    .map(
      ([value, other, argument, many]) =>
        `f(a) := [a, ${value}] if is_number(a)\n\nf(a) := ["text", a, ${other}] if is_string(a)\n\nr := [f(${argument}), [y | some x in ${many}; y := f(x)]]`,
    ),
  fc
    .tuple(of("any"), of("object"), of("number"))
    .map(
      ([value, input, number]) =>
        `h := ${value}\n\nr := [x, y] if {\n\tx := h with input as ${input}\n\ty := h with input.n as ${number}\n}`,
    ),
  fc
    .tuple(
      expression("number", 0),
      expression("number", 0),
      fc.constantFrom("+", "-", "*", "/", "%"),
    )
    .map(([a, b, operator]) => `r := ${a} ${operator} ${b}`),
];

/** The rules of one unit, without its package. */
export const unitRules: Arbitrary<string> = fc.oneof({ withCrossShrink: true }, ...units);
