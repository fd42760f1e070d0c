/** @module A native `opa` of the version inside the toolchain, for benchmarks and cross-checks. */

import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { hasGo, opaModule, runGo } from "./go-command.ts";
import { readLock, toolchain } from "./lock.ts";

/**
 * Path of the binary, built on first use and kept in `.cache`; undefined where there is no Go.
 * @throws Error where Go is there and the build fails.
 */
export async function buildOpaBinary(): Promise<string | undefined> {
  const directory = join(toolchain.directory, "../../.cache");
  const path = join(directory, `opa-${readLock(toolchain).opa}`);
  if (existsSync(path)) return path;
  if (!(await hasGo())) return undefined;
  await mkdir(directory, { recursive: true });
  // Whoever looks meanwhile must not find half a binary.
  const unfinished = `${path}.${process.pid}`;
  await runGo(["build", "-trimpath", "-buildvcs=false", "-o", unfinished, opaModule]);
  await rename(unfinished, path);
  return path;
}
