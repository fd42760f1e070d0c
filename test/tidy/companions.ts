/** @module What must not come alone: a source without its test, a policy without page and cases. */

import { posix } from "node:path";
import { findImports } from "./imports.ts";
import type { TextFile } from "./tracked-files.ts";

const core = /^src\/(base|decision|rego|log|bundle)\//;
const isTest = ({ path }: TextFile) => path.endsWith(".test.ts");

/** Anything left at run time; a file of types and re-exports states a contract and does nothing. */
const statement = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|const|let)\b/m;

/**
 * Sources of the core that run and that no test of their folder, or of one above, imports. A test
 * of the same name beside the source is the usual form; a family of small files may share one, and
 * the entry of a worker thread is tested through the source that starts it.
 */
export function findUntestedSources(files: readonly TextFile[]): readonly string[] {
  const tested = new Set(files.filter(isTest).flatMap(listTestedSources));
  const started = files.filter(({ path }) => tested.has(path)).flatMap(listWorkerEntries);
  return files
    .filter(({ path }) => core.test(path) && /(?<!\.d|\.test|\.arbitrary)\.ts$/.test(path))
    .filter(({ text }) => statement.test(text))
    .filter(({ path }) => !tested.has(path) && !started.includes(path))
    .map(({ path }) => `${path}: no test beside it`);
}

function listTestedSources({ path, text }: TextFile): readonly string[] {
  const imported = findImports(text)
    .filter(({ specifier, typeOnly }) => specifier.startsWith("./") && !typeOnly)
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
  return [path.replace(".test.ts", ".ts"), ...imported];
}

function listWorkerEntries({ path, text }: TextFile): readonly string[] {
  const entries = [...text.matchAll(/new URL\(\s*"(?<entry>\.\/[^"]+\.ts)"/g)];
  return entries.map(({ groups }) => posix.join(posix.dirname(path), groups?.["entry"] ?? ""));
}

/** Modules of the library in Rego without a `_test.rego` beside them. */
export function findUntestedModules(files: readonly TextFile[]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .map(({ path }) => path)
    .filter((path) => /^rego\/belay\/.*(?<!_test)\.rego$/.test(path))
    .filter((path) => !paths.has(path.replace(/\.rego$/, "_test.rego")))
    .map((path) => `${path}: no test beside it`);
}

/**
 * A policy ships as a set: rules, tests, page, and a case that shows each of its codes. Its modules
 * share one test; that every line of them is reached is what the gate `policies` asks.
 */
export function checkPolicy(policy: string, files: readonly TextFile[]): readonly string[] {
  const own = files.filter(({ path }) => path.startsWith(`${policy}/`));
  const find = (name: string) => own.find(({ path }) => path === `${policy}/${name}`)?.text;
  const rules = find("policy.rego");
  const page = find("README.md");
  const cases = own.filter(({ path }) => path.startsWith(`${policy}/cases/`));
  const missing = [
    ...(rules === undefined ? ["policy.rego"] : []),
    ...(find("policy_test.rego") === undefined ? ["policy_test.rego"] : []),
    ...(page === undefined ? ["README.md"] : []),
    ...(cases.length === 0 ? ["cases/*.yaml"] : []),
  ].map((name) => `${policy}: no ${name}`);
  const codes = listCodes(rules ?? "");
  return [
    ...missing,
    ...(rules !== undefined && codes.length === 0 ? [`${policy}: states no finding code`] : []),
    ...codes.flatMap((code) => [
      ...(page?.includes(code) === false ? [`${policy}: README.md does not explain ${code}`] : []),
      ...(cases.some(({ text }) => text.includes(code)) ? [] : [`${policy}: no case for ${code}`]),
    ]),
  ];
}

function listCodes(rego: string): readonly string[] {
  const found = [...rego.matchAll(/"code":\s*"(?<code>[A-Z][A-Z0-9_]*)"/g)];
  return [...new Set(found.map(({ groups }) => groups?.["code"] ?? ""))];
}

/** Folders of `policies/` that hold Rego: the policies of the default pack. */
export function listPolicies(files: readonly TextFile[]): readonly string[] {
  const folders = files
    .map(({ path }) => /^policies\/[^/]+(?=\/[^/]+\.rego$)/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)];
}
