import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readModules, withModules } from "../../scripts/notice.ts";
import {
  checkLock,
  findUndeclared,
  isPermissive,
  type LockedPackages,
  listProductionPackages,
  type Manifest,
} from "./dependencies.ts";
import { readTrackedFiles, root } from "./tracked-files.ts";

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(root + path, "utf8"));
}

const manifest = readJson("package.json") as Manifest;
const { packages } = readJson("package-lock.json") as { readonly packages: LockedPackages };
const production = listProductionPackages(packages);
const sources = readTrackedFiles(/^src\/.*(?<!\.test|\.arbitrary|\.d)\.ts$/);
const modules = readModules();

test(`${Object.keys(packages).length} locked packages: each hashed, none with an address`, () => {
  expect(Object.keys(packages).length).toBeGreaterThan(1);
  expect(checkLock(packages, manifest)).toEqual([]);
});

test(`${production.length} packages that users install are permissively licensed`, () => {
  expect(production.length).toBeGreaterThan(0);
  const licences = production.map((path) => {
    const { license } = readJson(`${path}/package.json`) as { readonly license?: unknown };
    return { path, license };
  });
  expect(licences.filter(({ license }) => !isPermissive(license))).toEqual([]);
});

const direct = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
  (name) => !name.startsWith("@types/"),
);

test(`${direct.length} direct dependencies have their reason in docs/architecture.md`, () => {
  const page = readFileSync(`${root}docs/architecture.md`, "utf8");
  expect(direct.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test(`${sources.length} sources import only what users install`, () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(findUndeclared(sources, manifest)).toEqual([]);
});

test(`${modules.length} Go modules of the toolchain are permissive, and NOTICE names them`, () => {
  expect(modules.length).toBeGreaterThan(0);
  expect(modules.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
  const notice = readFileSync(`${root}NOTICE`, "utf8");
  expect(notice).toBe(withModules(notice, modules));
});

describe("the rules can fail", () => {
  const own = {
    dependencies: { "@a/b": "1.0.0" },
    devDependencies: {},
    allowScripts: { node: true },
  };
  const integrity = "sha512-abc";
  const node = { integrity, hasInstallScript: true };

  test("a lock in order", () => {
    expect(checkLock({ "": {}, "node_modules/node": node }, own)).toEqual([]);
  });

  test.each([
    [{ "node_modules/node": node, "node_modules/a": {} }, "no SHA-512"],
    [{ "node_modules/node": node, "node_modules/a": { integrity: "sha1-a" } }, "no SHA-512"],
    [{ "node_modules/node": { ...node, resolved: "https://example.org" } }, "names the registry"],
    [{ "node_modules/node": node, "node_modules/a/node_modules/b": node }, "b runs a script"],
    [
      { "node_modules/node": { ...node, optionalDependencies: { "@a/linux": "1.0.0" } } },
      "needs @a/linux, which is not locked",
    ],
    [{ "node_modules/node": { integrity } }, "node is allowed a script and has none"],
  ])("%j", (locked: LockedPackages, message) => {
    expect(checkLock(locked, own).join()).toContain(message);
  });

  test("what users install", () => {
    const locked = { "": {}, a: {}, b: { dev: true }, d: {} };
    expect(listProductionPackages(locked)).toEqual(["a", "d"]);
  });

  test("licences", () => {
    for (const licence of ["MIT", "(MIT OR GPL-3.0)", "Apache-2.0 AND BSD-3-Clause"]) {
      expect(isPermissive(licence)).toBe(true);
    }
    for (const licence of ["GPL-3.0", "MIT AND GPL-3.0", "UNLICENSED", "", undefined, {}]) {
      expect(isPermissive(licence)).toBe(false);
    }
  });

  test("imports", () => {
    const check = (text: string) => findUndeclared([{ path: "src/a.ts", text }], own);
    expect(check('import { c } from "@a/b/c";\nimport fs from "node:fs";')).toEqual([]);
    expect(check('import type { c } from "vitest";')).toEqual([]);
    expect(check('import { c } from "@a/c";')).toEqual([
      "src/a.ts: `@a/c` is not in `dependencies`",
    ]);
  });

  test("the list of modules in NOTICE", () => {
    const notice = readFileSync(`${root}NOTICE`, "utf8");
    expect(withModules(notice, modules.slice(1))).not.toBe(notice);
    expect(() => withModules("Belay\n", modules)).toThrow("lacks the sentence");
  });
});
