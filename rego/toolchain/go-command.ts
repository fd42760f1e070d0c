/** @module Runs Go with nothing of the caller's settings that could change what it builds. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { goVersion, toolchainDirectory } from "./lock.ts";

const execFileAsync = promisify(execFile);

export const opaModule = "github.com/open-policy-agent/opa";

export interface GoTarget {
  readonly GOOS: string;
  readonly GOARCH: string;
}

export const wasiTarget: GoTarget = { GOOS: "wasip1", GOARCH: "wasm" };

/** Standard output of `go …args`, run in the toolchain's module with the pinned version of Go. */
export async function runGo(args: readonly string[], target?: GoTarget): Promise<string> {
  const { stdout } = await execFileAsync("go", args, {
    cwd: toolchainDirectory,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      CGO_ENABLED: "0",
      GOENV: "off",
      GOEXPERIMENT: "",
      GOFLAGS: "",
      GOTOOLCHAIN: goVersion,
      GOWASM: "",
      GOWORK: "off",
      ...target,
    },
  });
  return stdout;
}

/** Whether there is a Go to build with. */
export async function hasGo(): Promise<boolean> {
  try {
    await runGo(["version"]);
    return true;
  } catch {
    return false;
  }
}
