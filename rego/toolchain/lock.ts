/**
 * @module What is built from Go and committed: the artefacts, and for each a lock file that says
 * what it was built from and what it is.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const goVersion = "go1.26.8";

const goBuildFlags = [
  "-buildmode=c-shared",
  "-trimpath",
  "-buildvcs=false",
  "-ldflags=-s -w -buildid=",
] as const;

/** A Go module that becomes one WebAssembly module, `NAME.wasm.br`, beside its sources. */
export interface Artefact {
  readonly name: "toolchain" | "builtins";
  readonly directory: string;
  readonly flags: readonly string[];
  /** In WebAssembly pages of 64 KiB. */
  readonly memoryPagesMax: number;
  /**
   * Whether it is called in the thread that evaluates: it counts its steps then, because nothing
   * but itself can stop it, and has been started already, because someone waits.
   */
  readonly runsInPlace: boolean;
}

/** OPA's compiler, tester and evaluator, in a thread of its own, which is ended when it is stuck. */
export const toolchain: Artefact = {
  name: "toolchain",
  directory: import.meta.dirname,
  flags: [...goBuildFlags, "-mod=vendor"],
  memoryPagesMax: 16_384,
  runsInPlace: false,
};

/** OPA's builtins for compiled policies. */
export const builtinLibrary: Artefact = {
  name: "builtins",
  directory: join(import.meta.dirname, "../builtins"),
  flags: [...goBuildFlags, "-mod=readonly", "-tags=nethttpomithttp2"],
  memoryPagesMax: 4096,
  runsInPlace: true,
};

export const artefacts = [toolchain, builtinLibrary] as const;

export function artefactPath({ directory, name }: Artefact): string {
  return join(directory, `${name}.wasm.br`);
}

export function lockPath({ directory, name }: Artefact): string {
  return join(directory, `${name}.lock.json`);
}

export interface ContentDigest {
  readonly bytes: number;
  readonly sha256: string;
}

export interface ArtefactLock {
  /** Version of OPA inside, without the `v`. */
  readonly opa: string;
  readonly go: string;
  readonly flags: readonly string[];
  readonly memory_pages_max: number;
  /** SHA-256 of each source file, go.mod and go.sum included. */
  readonly sources: Readonly<Record<string, string>>;
  /** The module as it is loaded. */
  readonly wasm: ContentDigest;
  /** The same, compressed: the file that is committed. */
  readonly artefact: ContentDigest;
}

export function readLock(artefact: Artefact): ArtefactLock {
  return JSON.parse(readFileSync(lockPath(artefact), "utf8")) as ArtefactLock;
}

export function digestContent(content: Uint8Array): ContentDigest {
  return {
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  };
}

/** Files below `replaced` stand for OPA's own of the same path while an artefact is built. */
export const replacedFolder = "replaced";

/** Relative to the artefact's folder, in order. */
export function listSources({ directory }: Artefact): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".go") || path === "go.mod" || path === "go.sum")
    .sort();
}

/** The files that decide what the artefact is, with their hashes. */
export function digestSources(artefact: Artefact): Record<string, string> {
  const { directory } = artefact;
  const names = listSources(artefact);
  return Object.fromEntries(
    names.map((name) => [name, digestContent(readFileSync(join(directory, name))).sha256]),
  );
}
