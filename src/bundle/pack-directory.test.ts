import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLibrary, readPackDirectory } from "./pack-directory.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "belay-pack-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test("reads Rego, YAML and JSON below a folder, sorted, with forward slashes", () => {
  write("b/policy.rego", "package b\n");
  write("pack.yaml", "name: demo\n");
  write("a/cases/one.yaml", "x: 1\n");
  write("README.md", "# no\n");
  expect(readPackDirectory(folder)).toEqual([
    { path: "a/cases/one.yaml", text: "x: 1\n" },
    { path: "b/policy.rego", text: "package b\n" },
    { path: "pack.yaml", text: "name: demo\n" },
  ]);
});

test("follows no link and looks into nothing hidden", () => {
  write("pack.yaml", "name: demo\n");
  write(".git/config.yaml", "secret: 1\n");
  write("node_modules/x/data.json", "{}");
  symlinkSync("/etc", join(folder, "etc"));
  symlinkSync("/etc/hostname", join(folder, "host.yaml"));
  expect(readPackDirectory(folder).map(({ path }) => path)).toEqual(["pack.yaml"]);
});

test("says which folder cannot be read", () => {
  expect(() => readPackDirectory(join(folder, "gone"))).toThrow(
    expect.objectContaining({ code: "file-unreadable" }),
  );
});

test("refuses more than a pack may hold", () => {
  for (let i = 0; i <= 2000; i++) write(`${i}.yaml`, "");
  expect(() => readPackDirectory(folder)).toThrow(
    expect.objectContaining({ code: "input-too-large" }),
  );
});

test("Belay's library comes without its tests, under the folder it has in a bundle", () => {
  const paths = readLibrary().map(({ path }) => path);
  expect(paths).toContain("belay/verdict.rego");
  expect(paths.filter((path) => !/^belay\/[a-z_]+(?<!_test)\.rego$/.test(path))).toEqual([]);
});
