import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { verifyRecord } from "../../src/log/verify.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { askUntilGone, startServer } from "./server-process.ts";

const parent = mkdtempSync(join(tmpdir(), "belay-stop-"));

afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** Ids of every decision on record. */
async function recordedDecisions(directory: string): Promise<readonly string[]> {
  const reader = await openSqliteRecordReader({ directory });
  expect(await verifyRecord(reader)).toMatchObject({ ok: true });
  const ids: string[] = [];
  const { treeSize } = await reader.readHead();
  for (let from = 0; from < treeSize; from += 1_000) {
    const entries = await reader.readEntries(from, 1_000);
    const decisions = entries.filter(({ listed }) => listed.kind === "decision");
    ids.push(...decisions.map(({ listed }) => listed.id));
  }
  await reader.close();
  return ids;
}

test("stopped under load, both threads answer all that they have taken, and no more is recorded", {
  timeout: 120_000,
}, async () => {
  const directory = join(parent, "loaded");
  const server = await startServer(directory, ["--port", "0", "--log-level", "info"]);
  const answered = await askUntilGone(server, {
    decisions: 10_000,
    connections: 64,
    onAnswer: (count) => {
      if (count === 300) server.process.kill("SIGTERM");
    },
  });
  expect(await server.exitCode).toBe(0);
  expect(answered.length).toBeGreaterThanOrEqual(300);
  expect(answered.length).toBeLessThan(10_000);
  // What was taken was answered, and what was answered is there.
  expect([...answered].sort()).toEqual([...(await recordedDecisions(directory))].sort());

  const lines = server.log().split("\n").filter(Boolean);
  const requests = lines.map((line) => JSON.parse(line) as { thread: number; status: number });
  expect(requests.length).toBeGreaterThanOrEqual(answered.length);
  expect(new Set(requests.map(({ thread }) => thread))).toEqual(new Set([1, 2]));
});

test("a port that another server's threads share is not shared with it", async () => {
  const first = await startServer(join(parent, "first"));
  const port = String(first.port);
  await expect(startServer(join(parent, "second"), ["--port", port])).rejects.toThrow(
    `exit code 1: belay: \`127.0.0.1:${port}\` is taken`,
  );
  first.process.kill("SIGTERM");
  expect(await first.exitCode).toBe(0);
});
