import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkLeaks, checkLength, checkName, checkWords } from "./file-rules.ts";
import { listTrackedFiles, readTrackedFiles, root } from "./tracked-files.ts";

const bytesMax = 200 * 1024;
const mayBeLarge = [
  "package-lock.json",
  "rego/builtins/builtins.wasm.br",
  "rego/toolchain/toolchain.wasm.br",
];
const paths = listTrackedFiles();
const texts = readTrackedFiles(/^(?!.*\.(br|gz|wasm|db|sqlite|png)$)/);

test(`${texts.length} text files have names that say something, and a case`, () => {
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.flatMap(checkName)).toEqual([]);
});

test(`${texts.length} text files are short, finished, and name no machine`, () => {
  const rules = [checkLength, checkWords, checkLeaks];
  expect(rules.flatMap((rule) => texts.flatMap(rule))).toEqual([]);
});

test(`${paths.length} files are no larger than ${bytesMax} bytes, but for those that must be`, () => {
  const large = paths.filter((path) => statSync(root + path).size > bytesMax);
  const unexpected = large.filter(
    (path) => !mayBeLarge.includes(path) && !path.startsWith("bundles/"),
  );
  expect(unexpected).toEqual([]);
});

describe("the rules can fail", () => {
  const lines = (count: number) => "line\n".repeat(count);
  const host = ["registry", "npmjs", "org"].join(".");
  const home = ["", "root", "me", "a.ts"].join("/");
  const key = ["-----BEGIN", "PRIVATE KEY-----"].join(" ");

  test.each([
    [checkName, "src/base/utils.ts", ""],
    [checkName, "src/helpers/a.ts", ""],
    [checkName, "src/base/types.test.ts", ""],
    [checkName, "src/base/camelCase.ts", ""],
    [checkName, "policies/a/kebab-case.rego", ""],
    [checkName, "policies/a/cases/kebab-case.yaml", ""],
    [checkLength, "rego/belay/a.rego", lines(401)],
    [checkWords, "docs/a.md", "TODO: later"],
    [checkWords, "src/a.ts", "export async function handleThing(): void {}"],
    [checkWords, "src/a.ts", "const getThing = (a: string) => a;"],
    [checkLeaks, "docs/a.md", `see ${home}`],
    [checkLeaks, "package.json", `https://${host}/a`],
    [checkLeaks, "docs/a.md", key],
  ])("%o refuses %s", (rule, path, text) => {
    expect(rule({ path, text })).toHaveLength(1);
  });

  test.each([
    [checkName, "src/base/type-name.ts", ""],
    [checkName, "policies/a/policy_test.rego", ""],
    [checkName, "policies/a/cases/no_traffic.yaml", ""],
    [checkName, ".ci/run", ""],
    [checkLength, "rego/belay/a.rego", lines(400)],
    [checkWords, "src/a.ts", "const process = spawn(a);\nconst donePromise = wait();"],
    [checkWords, "src/a.ts", "export function gettext(): void {}"],
    [checkLeaks, "docs/a.md", "https://example.org/root/me and a/root/b"],
  ])("%o accepts %s", (rule, path, text) => {
    expect(rule({ path, text })).toEqual([]);
  });
});
