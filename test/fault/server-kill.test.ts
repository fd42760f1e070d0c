/**
 * @module The promise "on record before it is answered", tried the hard way: a server of two threads
 * killed with SIGKILL in the middle of 10,000 concurrent decisions, ten times, on one record.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyRecord } from "../../src/log/verify.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { askUntilGone, startServer } from "./server-process.ts";

const cycles = 10;
const requestsPerCycle = 10_000;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "belay-kill-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Ids answered by a server that is killed once it has answered `killAfterAnswers`. */
async function killInTheMiddle(killAfterAnswers: number): Promise<readonly string[]> {
  const server = await startServer(directory);
  return askUntilGone(server, {
    decisions: requestsPerCycle,
    connections: 256,
    onAnswer: (answered) => {
      if (answered === killAfterAnswers) server.process.kill("SIGKILL");
    },
  });
}

test(`every decision answered before any of ${cycles} kills is on record`, {
  timeout: 240_000,
}, async () => {
  const answered: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const killAfterAnswers = 100 + 50 * cycle;
    const ids = await killInTheMiddle(killAfterAnswers);
    expect(ids.length).toBeGreaterThanOrEqual(killAfterAnswers);
    expect(ids.length).toBeLessThan(requestsPerCycle);
    answered.push(...ids);
    const reader = await openSqliteRecordReader({ directory });
    const missing = [];
    for (const id of ids) if ((await reader.findEntry(id)) === undefined) missing.push(id);
    expect(missing).toEqual([]);
    expect(await verifyRecord(reader)).toMatchObject({ ok: true });
    await reader.close();
  }
  expect(new Set(answered).size).toBe(answered.length);
  const server = await startServer(directory);
  server.process.kill("SIGTERM");
  expect(await server.exitCode).toBe(0);
});
