import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decisionAppend } from "../../../test/contract/appends.ts";
import { verifyRecord } from "../../log/verify.ts";
import { recordFile } from "./data-directory.ts";
import {
  joinSqliteRecordStore,
  openSqliteRecordStore,
  type SharedSqliteRecordStore,
  type SqliteRecordStore,
  writerBounds,
} from "./sqlite-record-store.ts";

let directory: string;
let shared: SharedSqliteRecordStore;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "belay-joined-"));
  shared = await openSqliteRecordStore({ directory });
});

afterEach(async () => {
  await shared.close();
  rmSync(directory, { recursive: true, force: true });
});

function joinStore(bounds = writerBounds): SqliteRecordStore {
  return joinSqliteRecordStore(directory, shared.connect(), bounds);
}

async function appendMany(store: SqliteRecordStore, count: number): Promise<readonly number[]> {
  const results = await Promise.all(
    Array.from({ length: count }, async () => store.append(decisionAppend())),
  );
  return results.map((result) => {
    if (result.outcome !== "appended") throw new Error(result.outcome);
    return result.entry.leafIndex;
  });
}

test("each who joined hears of its own entries, in its order, and commits are shared", async () => {
  const stores = [joinStore(), joinStore(), shared];
  const perStore = 300;
  const leafIndexes = await Promise.all(stores.map((store) => appendMany(store, perStore)));
  for (const own of leafIndexes) expect(own).toEqual([...own].sort((a, b) => a - b));
  const all = leafIndexes.flat().sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 3 * perStore }, (_, index) => index));
  const heads = await shared.readHeads(0, 1_000);
  expect(heads.length).toBeLessThan(100);
  expect(await verifyRecord(shared)).toMatchObject({ ok: true, tree_size: 3 * perStore });
  await Promise.all(stores.map((store) => store.close()));
});

test("a bound is each one's own", async () => {
  const narrow = joinStore({ ...writerBounds, waitingMax: 1 });
  const wide = joinStore();
  const taken = narrow.append(decisionAppend());
  await expect(narrow.append(decisionAppend())).rejects.toMatchObject({ code: "overloaded" });
  await expect(appendMany(wide, 50)).resolves.toHaveLength(50);
  await taken;
  await narrow.close();
  await expect(appendMany(wide, 1)).resolves.toHaveLength(1);
  await wide.close();
});

test("one key from two at the same time makes one entry", async () => {
  const stores = [joinStore(), joinStore()];
  const appends = stores.map((store) => store.append(decisionAppend({ key: "once" })));
  const outcomes = (await Promise.all(appends)).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(["appended", "duplicate"]);
  await Promise.all(stores.map((store) => store.close()));
});

test("a sealed writer is sealed for all of them, and for who joins later", async () => {
  const stores = [joinStore(), joinStore()];
  const intruder = new DatabaseSync(recordFile(directory));
  intruder.exec("INSERT INTO heads VALUES (1000000, zeroblob(32), zeroblob(8))");
  intruder.close();
  await expect(stores[0]?.append(decisionAppend())).rejects.toMatchObject({ code: "log-sealed" });
  const late = joinStore();
  await expect(late.append(decisionAppend())).rejects.toThrow("somebody else has written");
  for (const store of [...stores, shared, late]) {
    expect(store.sealed).toBe("somebody else has written to the record");
  }
  await Promise.all([...stores, late].map((store) => store.close()));
});

test("a thread that dies lets go of the writer, and what it had taken comes on record", async () => {
  const port = shared.connect();
  const module = new URL("../../../test/contract/append-and-die.ts", import.meta.url);
  const thread = new Worker(module, { workerData: { directory, port }, transferList: [port] });
  await new Promise((resolve) => thread.once("exit", resolve));
  const deadline = Date.now() + 10_000;
  while ((await shared.readHead()).treeSize < 10 && Date.now() < deadline) await sleep(10);
  expect(await verifyRecord(shared)).toMatchObject({ ok: true, tree_size: 10 });
  await expect(appendMany(shared, 1)).resolves.toEqual([10]);
});

test("whoever still is joined when the record is closed is refused", async () => {
  const joined = joinStore();
  await shared.close();
  await expect(joined.append(decisionAppend())).rejects.toMatchObject({ code: "log-sealed" });
  await joined.close();
});
