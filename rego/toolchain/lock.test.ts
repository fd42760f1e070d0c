import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  artefactPath,
  digestContent,
  digestSources,
  goBuildFlags,
  goVersion,
  memoryPagesMax,
  readLock,
  toolchainDirectory,
} from "./lock.ts";
import { type ModuleNotice, moduleNoticesPath } from "./module-notices.ts";

const lock = readLock();

function readSource(name: string): string {
  return readFileSync(join(toolchainDirectory, name), "utf8");
}

test("the artefact was built from the sources that are here", () => {
  const sources = digestSources();
  expect(Object.keys(sources)).toEqual(expect.arrayContaining(["go.mod", "go.sum", "main.go"]));
  expect(lock.sources).toEqual(sources);
});

test("the artefact is the one that was built", () => {
  const artefact = readFileSync(artefactPath);
  expect(digestContent(artefact)).toEqual(lock.artefact);
  expect(digestContent(brotliDecompressSync(artefact))).toEqual(lock.wasm);
});

test("the lock names the settings of the build and the version of OPA", () => {
  expect(lock).toMatchObject({
    go: goVersion,
    flags: goBuildFlags,
    memory_pages_max: memoryPagesMax,
  });
  expect(readSource("go.mod")).toContain(`github.com/open-policy-agent/opa v${lock.opa}\n`);
});

test("every linked module has a licence that Belay may pass on", () => {
  const permissive = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
  const notices = JSON.parse(readFileSync(moduleNoticesPath, "utf8")) as ModuleNotice[];
  expect(notices.map((notice) => notice.module)).toEqual(
    expect.arrayContaining(["std", "github.com/open-policy-agent/opa"]),
  );
  for (const { licence, documents } of notices) {
    expect(permissive).toEqual(expect.arrayContaining(licence.split(" AND ")));
    expect(documents.length).toBeGreaterThan(0);
  }
});
