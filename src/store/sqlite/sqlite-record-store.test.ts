import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decisionAppend, publicationAppend } from "../../../test/contract/appends.ts";
import { verifyRecord } from "../../log/verify.ts";
import { openWriterConnection } from "./connection.ts";
import { lockDataDirectory, recordFile } from "./data-directory.ts";
import { readPragma } from "./pragma.ts";
import { openSqliteRecordReader } from "./sqlite-record-reader.ts";
import { openSqliteRecordStore } from "./sqlite-record-store.ts";

let parent: string;
let directory: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "belay-sqlite-"));
  directory = join(parent, "data", "record");
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function writeRecord(entries: number, place = directory): Promise<void> {
  const store = await openSqliteRecordStore({ directory: place });
  for (let done = 0; done < entries; done++) await store.append(decisionAppend());
  await store.close();
}

/** Runs SQL on the record behind its back. */
function tamper(sql: string): void {
  const database = new DatabaseSync(recordFile(directory));
  database.exec(sql);
  database.close();
}

describe("the data directory", () => {
  test("belongs to its user alone, whatever the umask", async () => {
    const umask = process.umask(0);
    try {
      const store = await openSqliteRecordStore({ directory });
      await store.append(decisionAppend());
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      const modes = readdirSync(directory).map((file) => statSync(join(directory, file)).mode);
      expect(modes.length).toBeGreaterThanOrEqual(4);
      expect(new Set(modes.map((mode) => mode & 0o777))).toEqual(new Set([0o600]));
      await store.close();
    } finally {
      process.umask(umask);
    }
  });

  test("holds all of a closed record in one file", async () => {
    await writeRecord(3);
    const copy = join(parent, "copy");
    mkdirSync(copy);
    writeFileSync(recordFile(copy), readFileSync(recordFile(directory)));
    const reader = await openSqliteRecordReader({ directory: copy });
    expect(await verifyRecord(reader)).toMatchObject({ ok: true, tree_size: 3 });
    await reader.close();
  });

  test("that cannot be made is said to be unusable", async () => {
    writeFileSync(join(parent, "data"), "a file");
    await expect(openSqliteRecordStore({ directory })).rejects.toMatchObject({
      code: "log-sealed",
    });
  });

  test("without a record cannot be read", async () => {
    await expect(openSqliteRecordReader({ directory })).rejects.toMatchObject({
      code: "file-unreadable",
      message: `no record is in \`${directory}\``,
    });
  });
});

describe("the writer's connection", () => {
  test("makes a commit durable", () => {
    const lock = lockDataDirectory(directory);
    const database = openWriterConnection(directory);
    expect(readPragma(database, "journal_mode")).toBe("wal");
    expect(readPragma(database, "synchronous")).toBe(2);
    database.close();
    lock.release();
  });

  test("refuses to change or remove what is recorded", async () => {
    const store = await openSqliteRecordStore({ directory });
    await store.append(publicationAppend("one"));
    await store.append(decisionAppend({ key: "k", policies: ["p"] }));
    await store.close();
    for (const table of ["entries", "heads", "idempotency_keys", "bundles", "decision_policies"]) {
      const column = table === "heads" ? "tree_size" : "leaf_index";
      expect(() => tamper(`DELETE FROM ${table}`)).toThrow(`${table} are never changed`);
      expect(() => tamper(`UPDATE ${table} SET ${column} = ${column}`)).toThrow("never changed");
    }
    const gap =
      "INSERT INTO entries SELECT 9, 'x', kind, 0, '', '', '', leaf_hash, leaf FROM entries";
    expect(() => tamper(gap)).toThrow("entries are gapless");
    const replace = "REPLACE INTO entries SELECT * FROM entries";
    expect(() => tamper(replace)).toThrow("entries are gapless");
  });

  test("seals itself when somebody else has written, and reading goes on", async () => {
    const store = await openSqliteRecordStore({ directory });
    await store.append(decisionAppend());
    tamper("DROP TRIGGER heads_refuse_UPDATE; UPDATE heads SET root_hash = zeroblob(32)");
    const request = decisionAppend();
    await expect(store.append(request)).rejects.toMatchObject({ code: "log-sealed" });
    await expect(store.append(request)).rejects.toMatchObject({ code: "log-sealed" });
    expect(store.sealed).toBe("somebody else has written to the record");
    expect(await store.findEntry(request.leaf.id)).toBeUndefined();
    expect(await store.listEntries({ limit: 5 })).toHaveLength(1);
    await store.close();
  });
});

describe("a record that is not as it was left", () => {
  const six = mkdtempSync(join(tmpdir(), "belay-sqlite-six-"));
  beforeAll(() => writeRecord(6, six));
  afterAll(() => rmSync(six, { recursive: true, force: true }));

  test.each([
    [
      "a leaf",
      "UPDATE entries SET leaf = CAST(replace(leaf, 'allow', 'alloy') AS BLOB) WHERE leaf_index = 3",
    ],
    ["a leaf hash", "UPDATE entries SET leaf_hash = zeroblob(32) WHERE leaf_index = 3"],
    ["an entry in the middle", "DELETE FROM entries WHERE leaf_index = 3"],
    ["the last entry", "DELETE FROM entries WHERE leaf_index = 5"],
    ["the last head", "DELETE FROM heads WHERE tree_size = 6"],
    ["the last root", "UPDATE heads SET root_hash = zeroblob(32) WHERE tree_size = 6"],
    ["the last frontier", "UPDATE heads SET frontier = zeroblob(64) WHERE tree_size = 6"],
    ["a frontier's length", "UPDATE heads SET frontier = zeroblob(32) WHERE tree_size = 6"],
  ])("is not opened for writing: %s", async (_, sql) => {
    cpSync(six, directory, { recursive: true });
    tamper(`
      PRAGMA foreign_keys = OFF;
      DROP TRIGGER entries_refuse_UPDATE; DROP TRIGGER entries_refuse_DELETE;
      DROP TRIGGER heads_refuse_UPDATE; DROP TRIGGER heads_refuse_DELETE; ${sql}`);
    await expect(openSqliteRecordStore({ directory })).rejects.toMatchObject({
      code: "log-corrupt",
      message: expect.stringContaining("does not verify"),
    });
  });

  test("is let go of when it is refused: mended, it opens", async () => {
    await writeRecord(1);
    tamper("PRAGMA user_version = 3");
    await expect(openSqliteRecordStore({ directory })).rejects.toThrow("version 3");
    tamper("PRAGMA user_version = 2");
    await writeRecord(1);
  });

  test("of version 1 is read as it is, and gets what it lacks when it is written to", async () => {
    await writeRecord(2);
    tamper("DROP TABLE marks; DROP TABLE leases; PRAGMA user_version = 1");
    const reader = await openSqliteRecordReader({ directory });
    expect((await reader.readHead()).treeSize).toBe(2);
    await reader.close();
    await writeRecord(1);
    const store = await openSqliteRecordStore({ directory });
    expect(await store.findMarks("a", 0, 1)).toEqual([]);
    expect((await store.readHead()).treeSize).toBe(3);
    await store.close();
  });

  test("is not opened when a newer Belay wrote it", async () => {
    await writeRecord(1);
    tamper("PRAGMA user_version = 3");
    const refused = {
      code: "record-too-new",
      message: "the record has version 3, this Belay reads 2",
    };
    await expect(openSqliteRecordStore({ directory })).rejects.toMatchObject(refused);
    await expect(openSqliteRecordReader({ directory })).rejects.toMatchObject(refused);
  });

  test.each([
    ["no database", Buffer.from("this is a text file, and not a short one at that".repeat(99))],
    ["a database cut short", undefined],
  ])("is not opened when it is %s", async (_, content) => {
    await writeRecord(2);
    const whole = readFileSync(recordFile(directory));
    writeFileSync(recordFile(directory), content ?? whole.subarray(0, 5_000));
    await expect(openSqliteRecordStore({ directory })).rejects.toMatchObject({
      code: "log-corrupt",
    });
  });

  test("a changed entry is never answered", async () => {
    const store = await openSqliteRecordStore({ directory });
    const { leaf } = decisionAppend();
    await store.append(decisionAppend({ id: leaf.id }));
    tamper("UPDATE bodies SET decision = replace(decision, 'allow', 'rollback')");
    const refused = {
      code: "log-corrupt",
      message: "entry 0 does not verify: the decision is not the one the leaf commits to",
    };
    await expect(store.findEntry(leaf.id)).rejects.toMatchObject(refused);
    await expect(store.listEntries({ limit: 1 })).rejects.toMatchObject(refused);
    await store.close();
  });
});

test("a long tail is verified from an earlier head on", async () => {
  const store = await openSqliteRecordStore({ directory });
  for (let done = 0; done < 2_400; done += 200) {
    await Promise.all(Array.from({ length: 200 }, () => store.append(decisionAppend())));
  }
  await store.close();
  // Older than the tail: opening does not see it, verification does.
  tamper(`DROP TRIGGER entries_refuse_UPDATE;
    UPDATE entries SET leaf_hash = zeroblob(32) WHERE leaf_index = 100`);
  const again = await openSqliteRecordStore({ directory });
  expect((await again.append(decisionAppend())).outcome).toBe("appended");
  expect(await verifyRecord(again)).toMatchObject({
    ok: false,
    problems: [{ leaf_index: 100 }],
  });
  await again.close();
});
