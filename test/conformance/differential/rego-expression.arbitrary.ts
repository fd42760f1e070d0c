/**
 * @module Rego expressions, drawn at random and as text. They are typed so far that most of them
 * mean something; what comes from the input may be of any type, so builtins get wrong arguments too.
 */

import fc, { type Arbitrary } from "fast-check";

export type Kind = "number" | "text" | "truth" | "array" | "set" | "object" | "any";

/** Simplest first: a failing policy shrinks towards it. */
function oneOf(...choices: readonly Arbitrary<string>[]): Arbitrary<string> {
  return fc.oneof({ withCrossShrink: true }, ...choices);
}

/** Rego with an expression of the given kind in the place of each `$number`, `$text`, …; `$$` is `$`. */
type Pattern = string;

const patterns: Readonly<Record<Kind, readonly Pattern[]>> = {
  number: [
    "($number + $number)",
    "($number - $number)",
    "($number * $number)",
    "($number / 4)",
    "($number % 7)",
    "count($array)",
    "count($set)",
    "count($text)",
    "count($any)",
    "sum($array)",
    "product([$number, $number])",
    "max($array)",
    "min($set)",
    "abs($number)",
    "round($number)",
    "ceil($number)",
    "floor($number)",
    "to_number($text)",
    'indexof($text, "b")',
    "bits.and($number, $number)",
    "bits.lsh($number, 3)",
    "object.get($object, $text, $number)",
    "time.parse_duration_ns($text)",
  ],
  text: [
    "concat($text, [$text, $text])",
    'concat(",", $any)',
    "upper($text)",
    "lower($text)",
    "substring($text, $number, $number)",
    'replace($text, "b", $text)',
    "trim($text, $text)",
    "trim_space($text)",
    "strings.reverse($text)",
    'sprintf("%v-%d-%s", [$number, $number, $text])',
    'sprintf("%v", [$any])',
    "format_int($number, 2)",
    "base64.encode($text)",
    "base64url.encode($text)",
    "json.marshal($any)",
    "type_name($any)",
    '$$"a{$any}b{$text}"',
    "crypto.sha256($text)",
    "urlquery.encode($text)",
  ],
  truth: [
    "$number < $number",
    "$any == $any",
    "$any != $any",
    "$text <= $text",
    "$any > $any",
    "$any in $array",
    "$any in $set",
    "$text, $any in $object",
    "startswith($text, $text)",
    "endswith($text, $text)",
    "contains($text, $text)",
    "is_number($any)",
    "is_string($any)",
    "is_set($any)",
    "is_object($any)",
    'regex.match("^[a-c]+$", $text)',
    'glob.match("*b*", [], $text)',
    "strings.any_prefix_match($text, [$text, $text])",
    "object.subset($object, $object)",
    "json.is_valid(json.marshal($any))",
    "semver.is_valid($any)",
  ],
  array: [
    "[$any, $any]",
    "[$number, $number, $number]",
    "array.concat($array, $array)",
    "array.slice($array, 1, 2)",
    "array.reverse($array)",
    "split($text, $text)",
    "sort($array)",
    "sort($set)",
    "numbers.range(1, 4)",
    // No more than memory holds: topdown builds a range of any length.
    "numbers.range(max([-9, min([$number, 9])]), 3)",
    "numbers.range(input.x, 3)",
    "[$x | some $x in $array]",
    "[$x | some $x in $array; $truth]",
    "[[$i, $x] | some $i, $x in $array]",
    "json.unmarshal($text)",
    'regex.split("b", $text)',
    "[p | walk($any, [p, _])]",
  ],
  set: [
    "{$any, $any}",
    "{$number, $number, $number}",
    "($set | $set)",
    "($set & $set)",
    "($set - $set)",
    "union({$set, $set})",
    "{$x | some $x in $array}",
    "{$x | some $x in $set; $truth}",
    "{$any | some $x in $any; is_number($x)}",
    "object.keys($object)",
  ],
  object: [
    '{"a": $any}',
    '{"a": $number, "b": $any}',
    "{$any: $any}",
    "object.union($object, $object)",
    "object.remove($object, [$text])",
    "object.filter($object, {$text, $text})",
    "{$i: $x | some $i, $x in $array}",
    "{$i: $x | some $i, $x in $object; $truth}",
    'json.patch($object, [{"op": "add", "path": "/b", "value": $any}])',
    'json.remove($object, ["a"])',
  ],
  any: ["$number", "$text", "$array", "$set", "$object", "$object[$text]", "$array[$number]"],
};

const leaves: Readonly<Record<Kind, readonly string[]>> = {
  number: ["0", "1", "2", "-3", "1.5", "0.25", "9007199254740993", "input.n", "input.m"],
  text: ['""', '"a"', '"abc"', '"b"', '"é\u{1F600}"', '"1"', "input.s", "input.t"],
  truth: ["true", "input.b", "input.n == 1"],
  array: ["[]", '[1, "a"]', "[3, 1, 2]", "input.list", "input.deep.list"],
  set: ["set()", "{1, 2}", '{"a", 1, [2]}', "{x | some x in input.list}"],
  object: ["{}", '{"a": 1}', '{"a": {"b": 2}, "c": null}', "input.object", "input.deep"],
  any: ["null", "false", "input.n", "input.s", "input.x", "input.object.a", "input.list[0]"],
};

const drawn = new Map<string, Arbitrary<string>>();

/** An expression of this kind that may use the variables of `scope`, which hold anything. */
export function expression(
  kind: Kind,
  depth: number,
  scope: readonly string[] = [],
): Arbitrary<string> {
  const key = `${kind} ${depth} ${scope.join(" ")}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const variables = kind === "truth" ? scope.map((name) => `${name} == 1`) : scope;
  const leaf = fc.constantFrom(...leaves[kind], ...variables);
  const made = depth === 0 ? leaf : oneOf(leaf, leaf, composed(kind, depth, scope));
  drawn.set(key, made);
  return made;
}

function composed(kind: Kind, depth: number, scope: readonly string[]): Arbitrary<string> {
  return fc.constantFrom(...patterns[kind]).chain((pattern) => fill(pattern, depth - 1, scope));
}

/** `$x` and `$i` are variables of the expression's own, which its other parts may use. */
export function fill(pattern: Pattern, depth: number, scope: readonly string[]): Arbitrary<string> {
  const own = { $x: `x${depth}`, $i: `i${depth}` };
  const inner = [
    ...scope,
    ...(pattern.includes("some $x") || pattern.includes(", $x in") ? [own.$x] : []),
    ...(pattern.includes("$i, $x in") ? [own.$i] : []),
  ];
  const parts = pattern.split(/(\$(?:\$|number|text|truth|array|set|object|any|x|i))(?![a-z])/);
  const isFirst = (at: number) => parts.slice(0, at).every((part) => !part.includes(" in "));
  return fc
    .tuple(
      ...parts.map((part, at) => {
        if (part === "$$") return fc.constant("$");
        if (part === "$x" || part === "$i") return fc.constant(own[part]);
        if (!part.startsWith("$")) return fc.constant(part);
        // What is iterated over cannot use what iterates.
        const isOver = parts[at - 1]?.endsWith(" in ") === true && isFirst(at - 1);
        return expression(part.slice(1) as Kind, depth, isOver ? scope : inner);
      }),
    )
    .map((texts) => texts.join(""));
}
