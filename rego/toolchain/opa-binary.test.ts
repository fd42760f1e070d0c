import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { hasGo } from "./go-command.ts";
import { readLock, toolchain } from "./lock.ts";
import { buildOpaBinary } from "./opa-binary.ts";

test("without Go there is no binary but the one that was built before", async () => {
  const empty = mkdtempSync(join(tmpdir(), "belay-no-go-"));
  vi.stubEnv("PATH", empty);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(empty, { recursive: true });
  });
  expect(await hasGo()).toBe(false);
  const kept = join(toolchain.directory, "../../.cache", `opa-${readLock(toolchain).opa}`);
  expect(await buildOpaBinary()).toBe(existsSync(kept) ? kept : undefined);
});
