/**
 * @module How fast the record takes entries: `node bench/record.ts [FOLDER]`. Each row is a decision
 * with a body of 2 KB, durable when its append resolves. Requests are made beforehand; encoding and
 * hashing the leaf, the way to the writer's thread and back, and the commit are all counted.
 * FOLDER (the system's own for temporary files where absent) decides which disk is measured.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyRecord } from "../src/log/verify.ts";
import type { AppendRequest } from "../src/store/record-store.ts";
import {
  openSqliteRecordStore,
  type SqliteRecordStore,
} from "../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "../test/contract/appends.ts";

const bodyPadding = "x".repeat(1_500);
const runs = [
  { inFlight: 1, rows: 3_000 },
  { inFlight: 32, rows: 30_000 },
  { inFlight: 256, rows: 60_000 },
];

async function measure(store: SqliteRecordStore, inFlight: number, rows: number) {
  const requests = Array.from({ length: rows }, () => decisionAppend({ padding: bodyPadding }));
  const latencies: number[] = [];
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, () => appendAll(store, requests, latencies)));
  const seconds = (performance.now() - start) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    "in flight": inFlight,
    rows,
    "rows/s": Math.round(rows / seconds),
    "p50 ms": round(latencies[Math.floor(rows * 0.5)]),
    "p99 ms": round(latencies[Math.floor(rows * 0.99)]),
  };
}

async function appendAll(
  store: SqliteRecordStore,
  requests: AppendRequest[],
  latencies: number[],
): Promise<void> {
  for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
    const start = performance.now();
    await store.append(request);
    latencies.push(performance.now() - start);
  }
}

function round(ms: number | undefined): number {
  return Math.round((ms ?? 0) * 100) / 100;
}

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), "belay-bench-record-"));
try {
  const store = await openSqliteRecordStore({ directory });
  await measure(store, 32, 5_000);
  const table = [];
  for (const { inFlight, rows } of runs) table.push(await measure(store, inFlight, rows));
  console.table(table);
  const start = performance.now();
  const verification = await verifyRecord(store);
  const seconds = (performance.now() - start) / 1_000;
  const rate = Math.round(verification.entries / seconds);
  console.log(`verified ${verification.entries} entries at ${rate}/s: ok ${verification.ok}`);
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
