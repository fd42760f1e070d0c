import { describe, expect, test } from "vitest";
import { sha256Hex } from "../base/digest.ts";
import { BelayError } from "../base/errors.ts";
import { createCommitment } from "./commitment.ts";
import type { DecisionBody, DecisionLeaf, Leaf, LeafBase, StoredEntry, TreeHead } from "./entry.ts";
import { encodeLeaf } from "./leaf.ts";
import { emptyRootHash, Frontier, leafHash } from "./merkle.ts";
import { type VerificationSource, verifyRecord } from "./verify.ts";
import { listedColumns } from "./verify-entry.ts";

const archives = ["one", "two"].map((text) => new TextEncoder().encode(text));
const bundles = archives.map((archive, index) => ({
  name: "default",
  revision: `${index}`.repeat(64),
  sha256: sha256Hex(archive),
}));
const [first, second] = bundles as [(typeof bundles)[0], (typeof bundles)[0]];
const salt = "cd".repeat(32);

/** A record as plain lists: what a store would answer, and what a test may damage. */
class ListedRecord implements VerificationSource {
  entries: StoredEntry[] = [];
  heads: TreeHead[] = [];
  readonly channels = new Map<string, string>();
  readonly bundles = new Map<string, { kept: { leafIndex: number }; archive: Uint8Array }>();
  readonly #frontier = Frontier.empty();

  async readEntries(from: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.entries.filter(({ leafIndex }) => leafIndex >= from).slice(0, limit);
  }

  async readHead(): Promise<TreeHead> {
    return this.heads.at(-1) ?? { treeSize: 0, rootHash: emptyRootHash };
  }

  async readHeads(after: number, limit: number): Promise<readonly TreeHead[]> {
    return this.heads.filter(({ treeSize }) => treeSize > after).slice(0, limit);
  }

  async findChannel(name: string): Promise<string | undefined> {
    return this.channels.get(name);
  }

  async findBundle(revision: string) {
    return this.bundles.get(revision);
  }

  append(leaf: Leaf, commits = true): void {
    const leafBytes = encodeLeaf(leaf);
    const leafIndex = this.entries.length;
    const hash = leafHash(leafBytes);
    const body = leaf.kind === "decision" ? bodyOf(leaf.id) : undefined;
    const entry = { leafIndex, leafBytes, leafHash: hash, listed: listedColumns(leaf) };
    this.entries.push(body === undefined ? entry : { ...entry, body });
    this.#frontier.append(hash);
    if (leaf.kind === "promotion") this.channels.set(leaf.channel, leaf.to);
    if (leaf.kind === "publication") {
      const archive = archives[bundles.indexOf(leaf.bundle)] as Uint8Array;
      this.bundles.set(leaf.bundle.revision, { kept: { leafIndex }, archive });
    }
    if (!commits) return;
    this.heads.push({ treeSize: this.#frontier.treeSize, rootHash: this.#frontier.rootHash() });
  }

  change(leafIndex: number, change: Partial<StoredEntry>): void {
    this.entries[leafIndex] = { ...(this.entries[leafIndex] as StoredEntry), ...change };
  }
}

function bodyOf(id: string) {
  const input = JSON.stringify({ request: { id } });
  const provenance = { bundle: first, decision_id: id, entrypoint: "belay/decision/answer" };
  return { salt, input, decision: JSON.stringify({ provenance, verdict: "allow" }) };
}

function leafBase(index: number): LeafBase {
  return {
    v: 1,
    id: `01936f3e-5a10-7c3b-8f4e-${String(index).padStart(12, "0")}`,
    time: new Date(1_700_000_000_000 + index).toISOString(),
    caller: { subject: "test", auth: "none" },
    engine: { belay: "0.1.0", opa: "1.22.2" },
  };
}

function decision(index: number): DecisionLeaf {
  const { id } = leafBase(index);
  const { input, decision: text } = bodyOf(id);
  return {
    ...leafBase(index),
    kind: "decision",
    bundle: first,
    entrypoint: "belay/decision/answer",
    verdict: "allow",
    codes: ["CLEAR"],
    input_c: createCommitment(salt, input),
    decision_c: createCommitment(salt, text),
  };
}

function publication(index: number, bundle: typeof first): Leaf {
  return { ...leafBase(index), kind: "publication", bundle };
}

function promotion(index: number, from: string | null, to: string): Leaf {
  return { ...leafBase(index), kind: "promotion", channel: "production", from, to };
}

/** Two publications, two promotions, and decisions, with a head every third. */
function soundRecord(size = 100): ListedRecord {
  const record = new ListedRecord();
  record.append(publication(0, first));
  record.append(publication(1, second));
  record.append(promotion(2, null, first.revision));
  record.append(promotion(3, first.revision, second.revision));
  for (let index = 4; index < size; index++) record.append(decision(index), index % 3 === 0);
  return record;
}

async function problemsOf(record: VerificationSource): Promise<readonly unknown[]> {
  const verification = await verifyRecord(record);
  return verification.ok ? [] : verification.problems;
}

describe("a sound record", () => {
  test("verifies, with what was seen", async () => {
    const record = soundRecord();
    const progress: [number, number][] = [];
    const verification = await verifyRecord(record, (...seen) => progress.push(seen));
    expect(verification).toEqual({
      ok: true,
      tree_size: 100,
      root_sha256: Buffer.from((await record.readHead()).rootHash).toString("hex"),
      entries: 100,
      bodies_checked: 96,
      bodies_erased: 0,
    });
    expect(progress.at(-1)).toEqual([100, 100]);
  });

  test("without entries has the empty root", async () => {
    expect(await verifyRecord(new ListedRecord())).toMatchObject({
      ok: true,
      tree_size: 0,
      root_sha256: sha256Hex(""),
    });
  });

  test("still verifies when bodies were erased", async () => {
    const record = soundRecord();
    for (const index of [10, 11, 99]) {
      const { body: _, ...erased } = record.entries[index] as StoredEntry;
      record.entries[index] = erased;
    }
    expect(await verifyRecord(record)).toMatchObject({
      ok: true,
      bodies_checked: 93,
      bodies_erased: 3,
    });
  });

  test("may grow while it is verified", async () => {
    const record = soundRecord();
    let grown = false;
    const verification = await verifyRecord(record, () => {
      if (!grown) record.append(promotion(100, second.revision, first.revision));
      grown = true;
    });
    expect(verification).toMatchObject({ ok: true, tree_size: 100, entries: 100 });
  });
});

describe("what was changed is named", () => {
  test.each<[string, (record: ListedRecord) => void, readonly object[]]>([
    [
      "a leaf's bytes, and every head from there on",
      (record) => {
        const bytes = encodeLeaf({ ...decision(50), codes: ["OTHER"] });
        record.change(50, { leafBytes: bytes });
      },
      [
        { leaf_index: 50, what: "the leaf does not hash to the leaf hash kept beside it" },
        { what: "the tree head of size 52 does not have the entries' root" },
        { what: "16 further tree heads do not have the entries' root" },
      ],
    ],
    [
      "a leaf hash",
      (record) => record.change(50, { leafHash: new Uint8Array(32) }),
      [{ leaf_index: 50, what: "the leaf does not hash to the leaf hash kept beside it" }],
    ],
    [
      "a leaf and its hash together",
      (record) => {
        const leafBytes = encodeLeaf({ ...decision(98), codes: ["OTHER"] });
        record.change(98, { leafBytes, leafHash: leafHash(leafBytes) });
      },
      [{ what: "the tree head of size 100 does not have the entries' root" }],
    ],
    [
      "a body",
      (record) => record.change(7, { body: { ...bodyOf(leafBase(7).id), input: "{}" } }),
      [
        { leaf_index: 7, what: "the input is not the one the leaf commits to" },
        { leaf_index: 7, what: "the request id of the input is not the leaf's" },
      ],
    ],
    [
      "one root",
      (record) => {
        record.heads[4] = { treeSize: 7, rootHash: new Uint8Array(32) };
      },
      [{ what: "the tree head of size 7 does not have the entries' root" }],
    ],
    [
      "the newest root",
      (record) => {
        record.heads.push({ treeSize: 100, rootHash: new Uint8Array(32) });
      },
      [{ what: "the root of the newest head, size 100, is not the entries' root" }],
    ],
    [
      "an entry that is gone",
      (record) => {
        record.entries.splice(60, 1);
      },
      [
        { leaf_index: 60, what: "the entry is missing" },
        { what: "no root beyond size 60 can be computed" },
      ],
    ],
    [
      "the last entries that are gone",
      (record) => {
        record.entries.splice(95, 5);
      },
      [
        { leaf_index: 95, what: "5 entries from here on are missing" },
        { what: "no root beyond size 95 can be computed" },
      ],
    ],
    [
      "an entry that no head covers",
      (record) => record.append(decision(100), false),
      [{ leaf_index: 100, what: "the entry lies beyond the newest tree head" }],
    ],
    [
      "an archive",
      (record) => {
        record.bundles.set(first.revision, { kept: { leafIndex: 0 }, archive: new Uint8Array(2) });
      },
      [{ leaf_index: 0, what: "the archive kept is not the one it publishes" }],
    ],
    [
      "an archive that is gone",
      (record) => {
        record.bundles.delete(second.revision);
      },
      [{ leaf_index: 1, what: "the archive it publishes is not kept" }],
    ],
    [
      "a channel",
      (record) => {
        record.channels.set("production", first.revision);
      },
      [{ what: "channel `production` does not point where its last promotion moved it" }],
    ],
  ])("%s", async (_, damage, problems) => {
    const record = soundRecord();
    damage(record);
    expect(await problemsOf(record)).toEqual(problems);
  });

  test("two entries that changed places", async () => {
    const record = soundRecord();
    const [ten, eleven] = [record.entries[10], record.entries[11]] as [StoredEntry, StoredEntry];
    record.entries[10] = { ...eleven, leafIndex: 10 };
    record.entries[11] = { ...ten, leafIndex: 11 };
    expect(await problemsOf(record)).toEqual([
      { what: "the tree head of size 13 does not have the entries' root" },
      { what: "29 further tree heads do not have the entries' root" },
    ]);
  });

  test("promotions that do not follow each other, or move to what was never published", async () => {
    const record = new ListedRecord();
    record.append(publication(0, first));
    record.append(promotion(1, null, second.revision));
    record.append(promotion(2, null, first.revision));
    expect(await problemsOf(record)).toEqual([
      { leaf_index: 1, what: "channel `production` moves to a revision not published" },
      { leaf_index: 2, what: "channel `production` did not point where it moves from" },
    ]);
  });

  test("a revision published twice", async () => {
    const record = soundRecord();
    record.append(publication(100, first));
    expect(await problemsOf(record)).toContainEqual({
      leaf_index: 100,
      what: "the revision was published before",
    });
  });

  test("a store that cannot read its own file", async () => {
    const record = soundRecord();
    record.readEntries = () => Promise.reject(new BelayError("log-corrupt", "page 7 is damaged"));
    expect(await problemsOf(record)).toEqual([{ what: "page 7 is damaged" }]);
    record.readEntries = () => Promise.reject(new BelayError("internal", "a defect"));
    await expect(verifyRecord(record)).rejects.toThrow("a defect");
  });

  test("more problems than are listed are counted", async () => {
    const record = new ListedRecord();
    for (let index = 0; index < 150; index++) record.append(decision(index));
    for (let index = 0; index < 150; index++) {
      record.change(index, { leafHash: new Uint8Array(32) });
    }
    const verification = await verifyRecord(record);
    expect(verification).toMatchObject({ ok: false, problem_count: 150 });
    expect(await problemsOf(record)).toHaveLength(100);
  });
});

test("every byte that is changed, anywhere in a small record, is noticed", async () => {
  const record = soundRecord(6);
  const sound = record.entries;
  let changes = 0;
  async function expectNoticed(leafIndex: number, change: Partial<StoredEntry>): Promise<void> {
    record.entries = [...sound];
    record.change(leafIndex, change);
    expect((await verifyRecord(record)).ok).toBe(false);
    changes += 1;
  }
  for (const { leafIndex, leafBytes, leafHash: hash, body } of sound) {
    for (const [column, bytes] of Object.entries({ leafBytes, leafHash: hash })) {
      for (let at = 0; at < bytes.length; at++) {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
        await expectNoticed(leafIndex, { [column]: flipped });
      }
    }
    if (body === undefined) continue;
    for (const [member, text] of Object.entries(body) as [keyof DecisionBody, string][]) {
      for (let at = 0; at < text.length; at++) {
        const changed = `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;
        await expectNoticed(leafIndex, { body: { ...body, [member]: changed } });
      }
    }
  }
  expect(changes).toBeGreaterThan(2_000);
});
