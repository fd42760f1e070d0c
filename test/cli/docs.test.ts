/** @module docs/cli.md shows nothing that no script of this folder has seen, and leaves no verb out. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("./", import.meta.url));
const page = readFileSync(fileURLToPath(new URL("../../docs/cli.md", import.meta.url)), "utf8");
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => readFileSync(folder + name, "utf8"));

test("every example stands in a script, word for word", () => {
  const examples = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(
    ([, text]) => text ?? "",
  );
  expect(examples.length).toBeGreaterThan(8);
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
