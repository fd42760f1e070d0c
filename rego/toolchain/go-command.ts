/** @module Runs Go with nothing of the caller's settings that could change what it builds. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { goVersion, toolchain } from "./lock.ts";

const execFileAsync = promisify(execFile);

export const opaModule = "github.com/open-policy-agent/opa";

export interface GoTarget {
  readonly GOOS: string;
  readonly GOARCH: string;
}

export const wasiTarget: GoTarget = { GOOS: "wasip1", GOARCH: "wasm" };

export interface GoRun {
  /** Of the Go module; the toolchain's where absent. */
  readonly directory?: string;
  readonly target?: GoTarget;
}

/** Standard output of `go …args`, run in a Go module with the pinned version of Go. */
export async function runGo(args: readonly string[], run: GoRun = {}): Promise<string> {
  const { stdout } = await execFileAsync("go", args, {
    cwd: run.directory ?? toolchain.directory,
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
      ...run.target,
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
