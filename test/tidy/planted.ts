/**
 * @module Files that break a rule of `oxlint.config.ts`, each with the rule that must report it, and
 * files that stand just inside.
 */

import { type Layer, layerTable } from "./layer-table.ts";

export interface Planted {
  /** Relative to the root of the copy they are planted in. */
  readonly path: string;
  readonly text: string;
  /** The rule that reports it, as the linter writes it; undefined where the file is in order. */
  readonly rule: string | undefined;
}

const importRule = "eslint(no-restricted-imports)";
const folders = Object.keys(layerTable).filter((name) => name !== "compose");

/** What the planted files import: one module a folder, and one of each implementation. */
export const targets: readonly Planted[] = [
  ...folders.map((name) => `src/${name}/value.ts`),
  "src/compose.ts",
  "src/store/sqlite/value.ts",
  "src/rego/toolchain/wasi-value.ts",
].map((path) => plant(path, ["export const value = 1;", "export type Value = number;"], undefined));

export const planted: readonly Planted[] = [
  ...folders.flatMap(plantDirections),
  ...folders.flatMap(plantImpurities),
  ...plantPlaces(),
  ...plantHabits(),
];

function plant(path: string, lines: readonly string[], rule: string | undefined): Planted {
  return { path, text: `${lines.join("\n")}\n`, rule };
}

/** From one folder to every other: a value and a type. */
function plantDirections(from: string): readonly Planted[] {
  const layer = loadLayer(from);
  return folders
    .filter((to) => to !== from)
    .flatMap((to) => {
      const mayImport = layer.imports.includes(to);
      const mayImportTypes = mayImport || layer.typeImports.includes(to);
      const value = `export { value } from "../${to}/value.ts";`;
      const type = `export type { Value } from "../${to}/value.ts";`;
      return [
        plant(`src/${from}/value-of-${to}.ts`, [value], mayImport ? undefined : importRule),
        plant(`src/${from}/type-of-${to}.ts`, [type], mayImportTypes ? undefined : importRule),
      ];
    });
}

function plantImpurities(folder: string): readonly Planted[] {
  const impurities = [
    ["disk", 'export { readFileSync } from "node:fs";', importRule],
    ["disk-promises", 'export { readFile } from "node:fs/promises";', importRule],
    ["socket", 'export { request } from "node:http";', importRule],
    ["thread", 'export { Worker } from "node:worker_threads";', importRule],
    ["now", "export const a = (): number => Date.now();", "eslint(no-restricted-properties)"],
    ["dice", "export const a = (): number => Math.random();", "eslint(no-restricted-properties)"],
    ["env", "export const a = process.env;", "eslint(no-restricted-globals)"],
  ] as const;
  const { pure } = loadLayer(folder);
  return impurities.map(([name, line, rule]) =>
    plant(`src/${folder}/${name}.ts`, [line], pure ? rule : undefined),
  );
}

/** Depth, the top of `src`, implementations, and tests, which may import what their source may not. */
function plantPlaces(): readonly Planted[] {
  const fromSqlite = 'export * from "../store/sqlite/value.ts";';
  const fromWasi = 'export * from "../rego/toolchain/wasi-value.ts";';
  return [
    plant("src/log/deep/a.ts", ['export * from "../../store/value.ts";'], importRule),
    plant("src/base/a.ts", ['export * from "../compose.ts";'], importRule),
    plant("src/service/a.ts", [fromSqlite], importRule),
    plant("src/service/b.ts", [fromWasi], importRule),
    plant("src/rego/a.ts", ['export * from "./toolchain/wasi-value.ts";'], importRule),
    plant("src/service/a.test.ts", [fromSqlite, fromWasi], undefined),
    plant("src/service/b.test.ts", ['export * from "../compose.ts";'], undefined),
    plant("src/log/a.test.ts", ['export * from "../service/value.ts";'], importRule),
    plant("src/log/b.test.ts", ['export { readFileSync } from "node:fs";'], undefined),
  ];
}

/** One file for each habit the linter keeps up; not one for every rule. */
function plantHabits(): readonly Planted[] {
  const run = [
    "async function run(): Promise<void> {",
    "  await Promise.resolve();",
    "}",
    "run();",
  ];
  const forEach = [
    "export function run(list: string[]): void {",
    "  list.forEach(async () => {",
    "    await Promise.resolve();",
    "  });",
    "}",
  ];
  const openSwitch = [
    'export function index(v: "a" | "b"): number {',
    "  switch (v) {",
    '    case "a":',
    "      return 1;",
    "  }",
    "  return 2;",
    "}",
  ];
  const typeAsValue = ['import { Value } from "../base/value.ts";', "export type A = Value;"];
  const only = ['test.only("a", () => {', "  expect(1).toBe(1);", "});"];
  const empty = ['test("a", () => {', "  String(1);", "});"];
  const longFunction = ["export function a(): void {", ...Array<string>(70).fill("  //"), "}"];
  const longFile = ["export const a = 1;", ...Array<string>(400).fill("//")];
  return [
    plant("src/cli/a.ts", ["console.log(1);"], "eslint(no-console)"),
    plant("src/cli/b.ts", run, "typescript(no-floating-promises)"),
    plant("src/cli/c.ts", forEach, "typescript(no-misused-promises)"),
    plant("src/cli/d.ts", openSwitch, "typescript(switch-exhaustiveness-check)"),
    plant(
      "src/cli/e.ts",
      ["export const a = (b: any) => String(b);"],
      "typescript(no-explicit-any)",
    ),
    plant("src/cli/f.ts", typeAsValue, "typescript(consistent-type-imports)"),
    plant("src/cli/g.ts", ["export const a = (b: unknown) => b == 1;"], "eslint(eqeqeq)"),
    plant("src/cli/h.ts", ['export * from "./i.ts";', "export const h = 1;"], "import(no-cycle)"),
    plant("src/cli/i.ts", ['export * from "./h.ts";', "export const i = 1;"], "import(no-cycle)"),
    plant("src/cli/j.ts", longFile, "eslint(max-lines)"),
    plant("src/cli/k.ts", longFunction, "eslint(max-lines-per-function)"),
    plant("src/cli/l.ts", ["// TODO: later", "export const a = 1;"], "eslint(no-warning-comments)"),
    plant("src/cli/camelCase.ts", ["export const a = 1;"], "unicorn(filename-case)"),
    plant("src/cli/m.ts", ["export default 1;"], "import(no-default-export)"),
    plant("src/cli/n.ts", ['export { join } from "path";'], "unicorn(prefer-node-protocol)"),
    plant(
      "src/cli/o.test.ts",
      ['import { expect, test } from "vitest";', ...only],
      "vitest(no-focused-tests)",
    ),
    plant(
      "src/cli/p.test.ts",
      ['import { test } from "vitest";', ...empty],
      "vitest(expect-expect)",
    ),
  ];
}

function loadLayer(name: string): Layer {
  const layer = layerTable[name];
  if (layer === undefined) throw new Error(`no layer ${name}`);
  return layer;
}
