/** @module Rules that any text file keeps, checked by reading it: name, length, words, leaks. */

import { posix } from "node:path";
import type { TextFile } from "./tracked-files.ts";

const lineCountMax = 400;
const vagueName = /^(utils?|helpers?|common|misc|types|managers?)([.-]|$)/;
const kebabCase = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/;
const snakeCase = /^[a-z0-9]+(_[a-z0-9]+)*\.(rego|go|yaml)$/;
/** What is named after Rego packages and rules, and Go, whose tools read `_`. */
const inSnakeCase = /\.(rego|go)$|\/cases\/[^/]+$/;
/** Names that people and tools look for. */
const upperCase = /^(README|LICENSE|NOTICE|CHANGELOG|CONTRIBUTING|SECURITY|Dockerfile)(\.md)?$/;

/** File names say one idea: kebab-case (Rego, cases and Go: snake_case), and none of the names that say nothing. */
export function checkName({ path }: TextFile): readonly string[] {
  const name = posix.basename(path);
  if (
    posix
      .dirname(path)
      .split("/")
      .some((folder) => vagueName.test(folder))
  ) {
    return [`${path}: a folder name that says nothing`];
  }
  if (vagueName.test(name)) return [`${path}: a file name that says nothing`];
  if (upperCase.test(name)) return [];
  const form = inSnakeCase.test(path) ? snakeCase : kebabCase;
  return form.test(name) ? [] : [`${path}: a file name in another case`];
}

/** Sources in other languages than TypeScript, whose length the linter does not measure. */
export function checkLength({ path, text }: TextFile): readonly string[] {
  if (!/\.(rego|go|sh|js)$/.test(path)) return [];
  const lineCount = text.split("\n").length - 1;
  return lineCount <= lineCountMax ? [] : [`${path}: ${lineCount} lines, ${lineCountMax} at most`];
}

const leftWork = /\b(TODO|FIXME|XXX|HACK)\b/;
const vagueVerb =
  /^\s*(?:export\s+)?(?:async\s+)?(?:function\*?\s+|(?:const|let)\s+(?=\w+\s*=\s*(?:async\s*)?\())(?<name>(?:get|handle|process|do)[A-Z]\w*)/gm;

/** Work left for later (the linter reads TypeScript's comments), and verbs that mean anything. */
export function checkWords({ path, text }: TextFile): readonly string[] {
  if (!path.endsWith(".ts")) {
    const word = leftWork.exec(text)?.[0];
    return word === undefined ? [] : [`${path}: \`${word}\` was left`];
  }
  return [...text.matchAll(vagueVerb)].map(
    ({ groups }) => `${path}: \`${groups?.["name"] ?? ""}\` begins with a verb that means anything`,
  );
}

/** What belongs to the machine a file was written on, never to the project. */
const leaks: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.:/-])\/(work|root)\/[\w.-]/, "a path of one machine"],
  [/\.\.\/shared\//, "a path outside of the project"],
  [/\b(registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org)\b/, "a registry host"],
  [/https?:\/\/(localhost|127\.0\.0\.1):4873/, "a registry host"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
];

export function checkLeaks({ path, text }: TextFile): readonly string[] {
  return leaks.flatMap(([pattern, what]) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const row = text.slice(0, found.index).split("\n").length;
    return [`${path}:${row}: ${what}`];
  });
}
