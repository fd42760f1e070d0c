import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { openSqliteRecordStore } from "../../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "../contract/appends.ts";
import { expectKept, readAcknowledged } from "./acknowledged.ts";

const script = fileURLToPath(new URL("append-until-stopped.ts", import.meta.url));
const parent = mkdtempSync(join(tmpdir(), "belay-full-"));
const file = join(parent, "acknowledged");

afterAll(() => rmSync(parent, { recursive: true, force: true }));

/**
 * Runs the writer where no file may grow beyond `blocks` of the shell's `ulimit -f`: from there on
 * the operating system refuses every write (EFBIG; Node ignores the signal that comes with it).
 */
async function appendUntilFull(directory: string, blocks: number): Promise<unknown> {
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    'ulimit -f "$1" && shift && exec "$@"',
    "sh",
    String(blocks),
    process.execPath,
    script,
    directory,
    file,
  ]);
  return JSON.parse(stdout);
}

test.each([1_000, 1_503, 2_777])(
  "a write that fails seals the writer and loses nothing: files of %d blocks at most",
  { timeout: 60_000 },
  async (blocks) => {
    const directory = join(parent, `record-${blocks}`);
    rmSync(file, { force: true });
    const seen = await appendUntilFull(directory, blocks);
    expect(seen).toMatchObject({ codes: ["log-sealed"], later: "log-sealed", verified: true });

    const acknowledged = readAcknowledged(file);
    expect(acknowledged.length).toBeGreaterThan(0);
    const reader = await openSqliteRecordReader({ directory });
    const { treeSize } = await reader.readHead();
    await reader.close();
    // A commit whose report was lost may be there as a whole; anything else would be half-written.
    expect(treeSize).toBeGreaterThanOrEqual(acknowledged.length);

    const store = await openSqliteRecordStore({ directory });
    await expectKept(store, acknowledged);
    expect((await store.append(decisionAppend())).outcome).toBe("appended");
    await store.close();
  },
);
