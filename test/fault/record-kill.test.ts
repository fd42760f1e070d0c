import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openSqliteRecordStore } from "../../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "../contract/appends.ts";
import { expectKept, readAcknowledged } from "./acknowledged.ts";

const script = fileURLToPath(new URL("append-until-stopped.ts", import.meta.url));
const parent = mkdtempSync(join(tmpdir(), "belay-kill-"));
const directory = join(parent, "record");
const file = join(parent, "acknowledged");
const cycles = 8;
const deadlineMs = 20_000;

afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Kills a writer at some moment after it has acknowledged its first entry of this cycle. */
async function killAppending(cycle: number): Promise<void> {
  const before = readAcknowledged(file).length;
  const child = spawn(process.execPath, [script, directory, file], { stdio: "ignore" });
  const exited = once(child, "exit");
  const deadline = Date.now() + deadlineMs;
  while (readAcknowledged(file).length === before && Date.now() < deadline) await sleep(5);
  await sleep(cycle * 17);
  child.kill("SIGKILL");
  const [code, signal] = (await exited) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
  expect(readAcknowledged(file).length).toBeGreaterThan(before);
}

test(`a writer killed ${cycles} times loses nothing it acknowledged`, {
  timeout: 90_000,
}, async () => {
  for (let cycle = 0; cycle < cycles; cycle++) {
    await killAppending(cycle);
    // Opened as it lies: nothing is repaired, and the lock of the dead process is gone.
    const store = await openSqliteRecordStore({ directory });
    await expectKept(store, readAcknowledged(file));
    expect((await store.append(decisionAppend())).outcome).toBe("appended");
    await store.close();
  }
});
