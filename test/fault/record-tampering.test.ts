import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BelayError } from "../../src/base/errors.ts";
import { type Problem, verifyRecord } from "../../src/log/verify.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { openSqliteRecordStore } from "../../src/store/sqlite/sqlite-record-store.ts";
import {
  bundleOf,
  decisionAppend,
  promotionAppend,
  publicationAppend,
} from "../contract/appends.ts";

const parent = mkdtempSync(join(tmpdir(), "belay-tamper-"));
const sound = join(parent, "sound");
const entries = 40;

beforeAll(async () => {
  const store = await openSqliteRecordStore({ directory: sound });
  await store.append(publicationAppend("one"));
  await store.append(publicationAppend("two"));
  await store.append(promotionAppend("production", null, "one"));
  await store.append(promotionAppend("production", "one", "two"));
  for (let index = 4; index < entries; index++) {
    await store.append(decisionAppend({ key: `key-${index}`, policies: ["slo_burn"] }));
  }
  await store.close();
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** A copy of the sound record to damage. */
function copyRecord(): string {
  const directory = mkdtempSync(join(parent, "copy-"));
  cpSync(sound, directory, { recursive: true });
  return directory;
}

/** What whoever owns the file can do: triggers and foreign keys do not stop them. */
function tamper(directory: string, sql: string): void {
  const database = new DatabaseSync(join(directory, "record.sqlite"));
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${String(name)}`);
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
}

async function problemsIn(directory: string): Promise<readonly Problem[]> {
  const reader = await openSqliteRecordReader({ directory });
  const verification = await verifyRecord(reader);
  await reader.close();
  return verification.ok ? [] : verification.problems;
}

describe("tampering with the tables is reported", () => {
  test.each([
    [
      "a leaf",
      "UPDATE entries SET leaf = CAST(replace(leaf, 'allow', 'Allow') AS BLOB) WHERE leaf_index = 9",
      9,
      "does not hash",
    ],
    [
      "a leaf hash",
      "UPDATE entries SET leaf_hash = zeroblob(32) WHERE leaf_index = 9",
      9,
      "does not hash",
    ],
    [
      "an input",
      "UPDATE bodies SET input = replace(input, 'checkout', 'checkin') WHERE leaf_index = 9",
      9,
      "the input is not",
    ],
    [
      "a decision",
      "UPDATE bodies SET decision = replace(decision, 'allow', 'rollback') WHERE leaf_index = 9",
      9,
      "the decision is not",
    ],
    [
      "a salt",
      "UPDATE bodies SET salt = replace(salt, '0', '1') WHERE leaf_index = 9",
      9,
      "the leaf commits to",
    ],
    [
      "a root",
      "UPDATE heads SET root_hash = zeroblob(32) WHERE tree_size = 9",
      undefined,
      "tree head of size 9",
    ],
    ["a deleted entry", "DELETE FROM entries WHERE leaf_index = 9", 9, "missing"],
    ["a deleted tail", "DELETE FROM entries WHERE leaf_index > 35", 36, "4 entries from here on"],
    [
      "two entries swapped",
      `UPDATE entries SET leaf_index = -1 WHERE leaf_index = 9;
       UPDATE entries SET leaf_index = 9 WHERE leaf_index = 10;
       UPDATE entries SET leaf_index = 10 WHERE leaf_index = -1`,
      undefined,
      "tree head of size 10",
    ],
    [
      "an entry added",
      `INSERT INTO entries SELECT 40, 'x', kind, time_ms, service, verdict, channel, leaf_hash, leaf
       FROM entries WHERE leaf_index = 9`,
      40,
      "beyond the newest tree head",
    ],
    ["an id", "UPDATE entries SET id = 'x' WHERE leaf_index = 9", 9, "listed with id"],
    ["a time", "UPDATE entries SET time_ms = 0 WHERE leaf_index = 9", 9, "listed with timeMs"],
    [
      "a verdict",
      "UPDATE entries SET verdict = 'rollback' WHERE leaf_index = 9",
      9,
      "listed with verdict",
    ],
    [
      "an archive",
      "UPDATE bundles SET archive = x'00' WHERE leaf_index = 1",
      1,
      "archive kept is not",
    ],
    ["an archive removed", "DELETE FROM bundles WHERE leaf_index = 0", 0, "archive it publishes"],
    [
      "a channel",
      `UPDATE channels SET revision = '${bundleOf("one").revision}'`,
      undefined,
      "channel `production`",
    ],
  ])("%s", async (_, sql, leafIndex, what) => {
    const directory = copyRecord();
    tamper(directory, sql);
    expect(await problemsIn(directory)).toContainEqual({
      ...(leafIndex !== undefined && { leaf_index: leafIndex }),
      what: expect.stringContaining(what),
    });
  });

  test("an erased body is no tampering", async () => {
    const directory = copyRecord();
    tamper(directory, "DELETE FROM bodies WHERE leaf_index IN (9, 11)");
    expect(await problemsIn(directory)).toEqual([]);
  });
});

test("a flipped bit anywhere in the file is noticed, or changes nothing that is answered", {
  timeout: 60_000,
}, async () => {
  const answers = await answersOf(sound);
  const bytes = readFileSync(join(sound, "record.sqlite"));
  const directory = copyRecord();
  let noticed = 0;
  // A stride that shares no factor with the page size: it wanders over all parts of the pages.
  for (let at = 0; at < bytes.length; at += 1_021) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
    writeFileSync(join(directory, "record.sqlite"), flipped);
    const changed = await answersOf(directory);
    if (changed === undefined) noticed += 1;
    expect({ at, unnoticed: changed !== undefined && changed !== answers }).toEqual({
      at,
      unnoticed: false,
    });
  }
  expect(noticed).toBeGreaterThan(20);
});

/** All that a record answers, as text; undefined where it says that it does not verify. */
async function answersOf(directory: string): Promise<string | undefined> {
  try {
    const reader = await openSqliteRecordReader({ directory });
    try {
      const verification = await verifyRecord(reader);
      if (!verification.ok) return undefined;
      const kept = await Promise.all(
        ["one", "two"].map((content) => reader.findBundle(bundleOf(content).revision)),
      );
      const found = await reader.readEntries(0, entries + 1);
      const channel = await reader.findChannel("production");
      return JSON.stringify([verification, found, kept, channel, await reader.readHeads(0, 99)]);
    } finally {
      await reader.close();
    }
  } catch (error) {
    // Where SQLite cannot make sense of its file it says so, in more ways than one.
    if (error instanceof BelayError || (error as { code?: string }).code === "ERR_SQLITE_ERROR") {
      return undefined;
    }
    throw error;
  }
}
