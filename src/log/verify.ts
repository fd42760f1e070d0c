/**
 * @module Verification of a whole record, from nothing but what it holds: every leaf is hashed
 * again, the tree is built again, and each root ever committed must come out. What it cannot see is
 * a record cut back to an earlier head of its own: for that one needs a root kept elsewhere.
 */

import { sha256Hex } from "../base/digest.ts";
import { BelayError } from "../base/errors.ts";
import type { DecisionLeaf, Leaf, StoredEntry, TreeHead } from "./entry.ts";
import { Frontier } from "./merkle.ts";
import { checkLeaf, claimProblems, commitmentProblems } from "./verify-entry.ts";

/** What a verifier reads. Any record store is one. */
export interface VerificationSource {
  /** Leaf order, from `fromLeafIndex` on, at most `limit`. Lets other work of the process pass. */
  readEntries(fromLeafIndex: number, limit: number): Promise<readonly StoredEntry[]>;
  readHead(): Promise<TreeHead>;
  /** Oldest first, after `afterTreeSize`, at most `limit`. */
  readHeads(afterTreeSize: number, limit: number): Promise<readonly TreeHead[]>;
  findChannel(name: string): Promise<string | undefined>;
  findBundle(
    revision: string,
  ): Promise<
    { readonly kept: { readonly leafIndex: number }; readonly archive: Uint8Array } | undefined
  >;
}

export interface Problem {
  /** Absent where it concerns no single entry. */
  readonly leaf_index?: number;
  readonly what: string;
}

interface VerifiedCounts {
  /** Size and root of the head that was verified: the newest when verification began. */
  readonly tree_size: number;
  readonly root_sha256: string;
  readonly entries: number;
  readonly bodies_checked: number;
  readonly bodies_erased: number;
}

export type Verification =
  | ({ readonly ok: true } & VerifiedCounts)
  | ({
      readonly ok: false;
      /** The first 100. */
      readonly problems: readonly Problem[];
      readonly problem_count: number;
    } & VerifiedCounts);

const problemsMax = 100;
/** Small, because bodies may be large; the database, not the call, is what costs. */
const entriesPerBatch = 64;
const headsPerBatch = 512;

/** Verifies what `source` holds. `onProgress` hears of entries verified so far, and of all. */
export async function verifyRecord(
  source: VerificationSource,
  onProgress?: (entries: number, treeSize: number) => void,
): Promise<Verification> {
  const target = await source.readHead();
  const walk = new Walk(source, target);
  try {
    await visitAll(source, target, walk, onProgress);
    await walk.compareRest();
  } catch (error) {
    // The store itself cannot make sense of its file: a finding, not a failure to verify.
    if (!(error instanceof BelayError) || error.code !== "log-corrupt") throw error;
    walk.report(error.message);
  }
  return walk.result();
}

async function visitAll(
  source: VerificationSource,
  { treeSize }: TreeHead,
  walk: Walk,
  onProgress?: (entries: number, treeSize: number) => void,
): Promise<void> {
  for (let from = 0; from < treeSize; ) {
    const batch = await source.readEntries(from, Math.min(entriesPerBatch, treeSize - from));
    const known = batch.filter(({ leafIndex }) => leafIndex >= from && leafIndex < treeSize);
    const last = known.at(-1);
    if (last === undefined) return;
    for (const entry of known) await walk.visit(entry);
    from = last.leafIndex + 1;
    onProgress?.(from, treeSize);
  }
}

class Walk {
  readonly #source: VerificationSource;
  readonly #target: TreeHead;
  readonly #frontier = Frontier.empty();
  readonly #heads: HeadCursor;
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  #entryCount = 0;
  #bodiesChecked = 0;
  #bodiesErased = 0;
  #wrongHeadCount = 0;
  /** Leaf index after the last entry seen. Beyond the frontier's size once an entry is missing. */
  #next = 0;
  readonly #published = new Set<string>();
  readonly #channels = new Map<string, string>();

  constructor(source: VerificationSource, target: TreeHead) {
    this.#source = source;
    this.#target = target;
    this.#heads = new HeadCursor(source, target.treeSize);
  }

  async visit(entry: StoredEntry): Promise<void> {
    this.#expectNext(entry.leafIndex);
    this.#next = entry.leafIndex + 1;
    this.#entryCount += 1;
    const checked = checkLeaf(entry);
    for (const what of checked.problems) this.report(what, entry.leafIndex);
    if (checked.leaf?.kind === "decision") this.#checkBody(checked.leaf, entry);
    if (checked.leaf !== undefined) await this.#follow(checked.leaf, entry.leafIndex);
    if (this.#frontier.treeSize === entry.leafIndex) {
      this.#frontier.append(checked.leafHash);
      await this.#compareHeads();
    }
  }

  /** What can only be said once every entry was visited. */
  async compareRest(): Promise<void> {
    const { treeSize, rootHash } = this.#target;
    this.#expectNext(treeSize);
    if (this.#frontier.treeSize < treeSize) {
      this.report(`no root beyond size ${this.#frontier.treeSize} can be computed`);
    } else if (
      this.#wrongHeadCount === 0 &&
      Buffer.compare(this.#frontier.rootHash(), rootHash) !== 0
    ) {
      this.report(`the root of the newest head, size ${treeSize}, is not the entries' root`);
    }
    if (this.#wrongHeadCount > 1) {
      this.report(`${this.#wrongHeadCount - 1} further tree heads do not have the entries' root`);
    }
    await this.#compareChannels();
    await this.#expectNothingBeyond();
  }

  result(): Verification {
    const counts = {
      tree_size: this.#target.treeSize,
      root_sha256: Buffer.from(this.#target.rootHash).toString("hex"),
      entries: this.#entryCount,
      bodies_checked: this.#bodiesChecked,
      bodies_erased: this.#bodiesErased,
    };
    if (this.#problemCount === 0) return { ok: true, ...counts };
    return { ok: false, problems: this.#problems, problem_count: this.#problemCount, ...counts };
  }

  report(what: string, leafIndex?: number): void {
    this.#problemCount += 1;
    if (this.#problems.length >= problemsMax) return;
    this.#problems.push(leafIndex === undefined ? { what } : { leaf_index: leafIndex, what });
  }

  #checkBody(leaf: DecisionLeaf, { leafIndex, body }: StoredEntry): void {
    if (body === undefined) {
      this.#bodiesErased += 1;
      return;
    }
    this.#bodiesChecked += 1;
    for (const what of [...commitmentProblems(leaf, body), ...claimProblems(leaf, body)]) {
      this.report(what, leafIndex);
    }
  }

  #expectNext(leafIndex: number): void {
    if (leafIndex === this.#next) return;
    if (leafIndex < this.#next) {
      this.report("the entry is out of order", leafIndex);
      return;
    }
    const count = leafIndex - this.#next;
    const what = count === 1 ? "the entry is missing" : `${count} entries from here on are missing`;
    this.report(what, this.#next);
  }

  /** What entries say of each other: publications before promotions, promotions in a chain. */
  async #follow(leaf: Leaf, leafIndex: number): Promise<void> {
    if (leaf.kind === "publication") {
      const { revision, sha256 } = leaf.bundle;
      if (this.#published.has(revision))
        this.report("the revision was published before", leafIndex);
      this.#published.add(revision);
      const found = await this.#source.findBundle(revision);
      if (found?.kept.leafIndex !== leafIndex) {
        this.report("the archive it publishes is not kept", leafIndex);
      } else if (sha256Hex(found.archive) !== sha256) {
        this.report("the archive kept is not the one it publishes", leafIndex);
      }
    }
    if (leaf.kind === "promotion") {
      if ((this.#channels.get(leaf.channel) ?? null) !== leaf.from) {
        this.report(`channel \`${leaf.channel}\` did not point where it moves from`, leafIndex);
      }
      if (!this.#published.has(leaf.to)) {
        this.report(`channel \`${leaf.channel}\` moves to a revision not published`, leafIndex);
      }
      this.#channels.set(leaf.channel, leaf.to);
    }
  }

  async #compareHeads(): Promise<void> {
    const size = this.#frontier.treeSize;
    const head = await this.#heads.find(size);
    if (head === undefined || Buffer.compare(head.rootHash, this.#frontier.rootHash()) === 0)
      return;
    this.#wrongHeadCount += 1;
    // One changed leaf changes every later root: the first says where, the rest are counted.
    if (this.#wrongHeadCount > 1) return;
    this.report(`the tree head of size ${size} does not have the entries' root`);
  }

  async #compareChannels(): Promise<void> {
    if (await this.#hasGrown()) return;
    for (const [name, revision] of this.#channels) {
      if ((await this.#source.findChannel(name)) !== revision) {
        this.report(`channel \`${name}\` does not point where its last promotion moved it`);
      }
    }
  }

  async #expectNothingBeyond(): Promise<void> {
    const beyond = await this.#source.readEntries(this.#target.treeSize, 1);
    const stray = beyond[0];
    if (stray !== undefined && !(await this.#hasGrown())) {
      this.report("the entry lies beyond the newest tree head", stray.leafIndex);
    }
  }

  /** Whether the record was written to since: then its present state is not the one verified. */
  async #hasGrown(): Promise<boolean> {
    return (await this.#source.readHead()).treeSize > this.#target.treeSize;
  }
}

/** Reads tree heads in batches, beside the entries. */
class HeadCursor {
  readonly #source: VerificationSource;
  readonly #treeSizeMax: number;
  #batch: TreeHead[] = [];
  #after = 0;
  #ended = false;

  constructor(source: VerificationSource, treeSizeMax: number) {
    this.#source = source;
    this.#treeSizeMax = treeSizeMax;
  }

  /** The head of exactly this size. Sizes asked for must rise. */
  async find(treeSize: number): Promise<TreeHead | undefined> {
    for (;;) {
      while (this.#batch[0] !== undefined && this.#batch[0].treeSize < treeSize)
        this.#batch.shift();
      if (this.#batch.length > 0 || this.#ended) break;
      this.#batch = [...(await this.#source.readHeads(this.#after, headsPerBatch))];
      const last = this.#batch.at(-1);
      if (last === undefined || last.treeSize <= this.#after) this.#ended = true;
      else this.#after = last.treeSize;
      if (this.#after >= this.#treeSizeMax) this.#ended = true;
    }
    return this.#batch[0]?.treeSize === treeSize ? this.#batch[0] : undefined;
  }
}
