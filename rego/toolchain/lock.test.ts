import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type Artefact,
  artefactPath,
  artefacts,
  builtinLibrary,
  digestContent,
  digestSources,
  goVersion,
  readLock,
  toolchain,
} from "./lock.ts";
import { type ModuleNotice, moduleNoticesPath } from "./module-notices.ts";

function readModFile({ directory }: Artefact): string {
  return readFileSync(join(directory, "go.mod"), "utf8");
}

function listRequirements(artefact: Artefact): string[] {
  return readModFile(artefact).match(/^\t\S+ v\S+/gm) ?? [];
}

describe.each(artefacts.map((artefact) => [artefact.name, artefact] as const))(
  "%s",
  (_, artefact) => {
    const lock = readLock(artefact);

    test("the artefact was built from the sources that are here", () => {
      const sources = digestSources(artefact);
      expect(Object.keys(sources)).toEqual(expect.arrayContaining(["go.mod", "go.sum", "main.go"]));
      expect(lock.sources).toEqual(sources);
    });

    test("the artefact is the one that was built", () => {
      const content = readFileSync(artefactPath(artefact));
      expect(digestContent(content)).toEqual(lock.artefact);
      expect(digestContent(brotliDecompressSync(content))).toEqual(lock.wasm);
    });

    test("the lock names the settings of the build and the version of OPA", () => {
      expect(lock).toMatchObject({
        go: goVersion,
        flags: artefact.flags,
        memory_pages_max: artefact.memoryPagesMax,
      });
      expect(readModFile(artefact)).toContain(`github.com/open-policy-agent/opa v${lock.opa}\n`);
    });

    test("every linked module has a licence that Belay may pass on", () => {
      const permissive = ["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
      const text = readFileSync(moduleNoticesPath(artefact), "utf8");
      const notices = JSON.parse(text) as ModuleNotice[];
      expect(notices.map((notice) => notice.module)).toEqual(
        expect.arrayContaining(["std", "github.com/open-policy-agent/opa"]),
      );
      for (const { licence, documents } of notices) {
        expect(permissive).toEqual(expect.arrayContaining(licence.split(" AND ")));
        expect(documents.length).toBeGreaterThan(0);
      }
    });
  },
);

test("the library's builtins are those the toolchain evaluates with, to the last dependency", () => {
  const requirements = listRequirements(builtinLibrary);
  expect(requirements.length).toBeGreaterThan(10);
  expect(listRequirements(toolchain)).toEqual(expect.arrayContaining(requirements));
  expect(readLock(builtinLibrary).opa).toBe(readLock(toolchain).opa);
});
