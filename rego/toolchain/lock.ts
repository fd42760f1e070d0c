/** @module `toolchain.lock.json`: what the committed artefact was built from, and what it is. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const toolchainDirectory = import.meta.dirname;
export const artefactPath = join(toolchainDirectory, "toolchain.wasm.br");
export const lockPath = join(toolchainDirectory, "toolchain.lock.json");

/** 1 GiB, in WebAssembly pages of 64 KiB. */
export const memoryPagesMax = 16_384;

export const goVersion = "go1.26.8";

export const goBuildFlags = [
  "-buildmode=c-shared",
  "-trimpath",
  "-buildvcs=false",
  "-mod=readonly",
  "-ldflags=-s -w -buildid=",
] as const;

export interface ContentDigest {
  readonly bytes: number;
  readonly sha256: string;
}

export interface ToolchainLock {
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

export function readLock(): ToolchainLock {
  return JSON.parse(readFileSync(lockPath, "utf8")) as ToolchainLock;
}

export function digestContent(content: Uint8Array): ContentDigest {
  return {
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  };
}

/** The files that decide what the artefact is, with their hashes. */
export function digestSources(): Record<string, string> {
  const names = readdirSync(toolchainDirectory)
    .filter((name) => name.endsWith(".go") || name === "go.mod" || name === "go.sum")
    .sort();
  return Object.fromEntries(
    names.map((name) => [name, digestContent(readFileSync(join(toolchainDirectory, name))).sha256]),
  );
}
