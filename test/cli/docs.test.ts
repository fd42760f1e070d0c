/**
 * @module docs/cli.md, docs/plans.md and docs/testing.md show nothing that no script of this folder has seen, and the
 * first leaves no verb out.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("./", import.meta.url));
const readPage = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), "utf8");
const page = readPage("cli.md");
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => readFileSync(folder + name, "utf8"));

test.each([
  ["cli.md", 9],
  ["plans.md", 2],
  ["testing.md", 2],
  ["simulation.md", 3],
])("every example of %s stands in a script, word for word", (name, countMin) => {
  const examples = [...readPage(name).matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(
    ([, text]) => text ?? "",
  );
  expect(examples.length).toBeGreaterThanOrEqual(countMin);
  expect(examples.filter((text) => !scripts.some((script) => script.includes(text)))).toEqual([]);
});

test("every verb of the help stands in the table, and no other", () => {
  const help = readFileSync(`${folder}help.txt`, "utf8");
  const verbs = new Set(
    [...help.matchAll(/^Usage: belay ([a-z ]+?) \[options\]/gm)].map(([, v]) => v),
  );
  const table = page.split("\n## ").find((section) => section.startsWith("Verbs\n")) ?? "";
  const listed = [...table.matchAll(/^\| `([a-z]+( verify)?)[ `]/gm)].map(([, verb]) => verb);
  verbs.delete("log");
  expect(new Set(listed)).toEqual(verbs);
});

test("every exit code stands in the table as the help has it", () => {
  const codes = [...page.matchAll(/^\| (\d) \| ([^|]+) \|/gm)].map(([, code, means]) => [
    code,
    means,
  ]);
  const help = readFileSync(`${folder}help.txt`, "utf8");
  expect(codes.map(([code]) => code)).toEqual(["0", "1", "2", "3"]);
  for (const [code, means] of codes) expect(help).toMatch(new RegExp(`^  ${code}  ${means}`, "m"));
});
