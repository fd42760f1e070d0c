/**
 * @module The port to the record. What a store owes:
 *
 * - **Durability.** A promise of `append` resolves only when the entry, its idempotency key, the
 *   channel it moves or the bundle it publishes, and the new tree head are durable in one
 *   transaction. After a crash either all of that is there or nothing of it.
 * - **Order.** Leaf indexes are gapless from 0 in commit order. Entries are never changed.
 * - **Concurrency.** Appends may be made at any time from anywhere in the process; the store groups
 *   what waits into one commit. One process writes: a second one is refused at opening with
 *   `data-directory-in-use`. Any number of processes may open for reading meanwhile.
 * - **Refusals.** An append that breaks the record's own rules (an id that is on record, a promotion
 *   of a revision that was never published) rejects alone; what waits beside it is not touched.
 * - **Marks** are filed with their entry and found by subject, newest first. They are no part of
 *   the leaf: what they say follows from entries, and is kept beside them only to be found at once.
 * - **Leases.** A scope has at most one holder. Whoever takes a lease that another holds is refused
 *   with `lease-held`, and nothing of that append is written; a lease that has expired may be taken
 *   from its holder. Taking one's own again renews it, and goes on with it unless it begins anew.
 * - **Bounds.** More waiting appends than the store can hold are refused at once (`overloaded`);
 *   what was taken is never dropped.
 * - **Failure.** After any I/O error the writer is sealed: that append and each later one rejects
 *   with `log-sealed`, reads go on. A sealed store is opened anew, which verifies its tail.
 * - **Reading.** A read sees every entry whose append has resolved. Absent things are `undefined`.
 *   An entry whose bytes no longer fit its hash is never answered: `log-corrupt`.
 * - **Closing.** `close` waits for what was taken, commits it, and may be called again.
 */

import type {
  DecisionBody,
  Leaf,
  LeafKind,
  RecordedEntry,
  StoredEntry,
  TreeHead,
} from "../log/entry.ts";

export interface AppendRequest {
  readonly leaf: Leaf;
  /** Required for a decision, absent for every other kind. */
  readonly body?: DecisionBody;
  /** Makes the append happen once: see `AppendResult.duplicate`. */
  readonly idempotency?: IdempotencyKey;
  /** Required for a publication: the archive that the leaf names. */
  readonly archive?: Uint8Array;
  /** Columns to list decisions by; required for a decision. */
  readonly listing?: DecisionListing;
  /** Facts to be found by subject later. */
  readonly marks?: readonly Mark[];
  /** What has to be this append's alone, or is given up by it. */
  readonly lease?: LeaseRequest;
}

/** A fact about a subject, filed with the entry it follows from. */
export interface Mark {
  /** What it is about: 1 to 1,000 characters. */
  readonly subject: string;
  /** JSON text. */
  readonly value: string;
}

/** A mark as read back by its subject. */
export interface FoundMark extends Omit<Mark, "subject"> {
  readonly leafIndex: number;
  /** Time of its entry, epoch milliseconds. */
  readonly timeMs: number;
}

export type LeaseRequest =
  | {
      readonly action: "take";
      readonly scope: string;
      readonly holder: string;
      /** JSON text: what others are told of the holder. */
      readonly value: string;
      /** Time of the append, epoch ms. */
      readonly nowMs: number;
      /** From then on others may take it, epoch ms. */
      readonly expiresAtMs: number;
      /** Whether one's own lease counts as taken now and not when it was first. */
      readonly beginsAnew: boolean;
    }
  /** Nothing happens where another one holds it. */
  | { readonly action: "release"; readonly scope: string; readonly holder: string };

export interface Lease {
  readonly scope: string;
  readonly holder: string;
  readonly value: string;
  readonly takenAtMs: number;
  readonly renewedAtMs: number;
  readonly expiresAtMs: number;
}

export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 (hex) of what the key stands for; another one under the same key is a misuse. */
  readonly requestSha256: string;
}

export interface DecisionListing {
  readonly service: string;
  /** Policies that gave a reason. */
  readonly policies: readonly string[];
}

export type AppendResult =
  | { readonly outcome: "appended"; readonly entry: RecordedEntry; readonly head: TreeHead }
  /** The idempotency key, or the bundle revision, is on record already: that entry is answered. */
  | { readonly outcome: "duplicate"; readonly entry: RecordedEntry; readonly head: TreeHead }
  /** The idempotency key is on record with another `requestSha256`. */
  | { readonly outcome: "key-reused" }
  /** A promotion whose `from` is not where the channel points. Nothing was written. */
  | { readonly outcome: "channel-moved"; readonly current: string | null }
  /** Another one holds the lease. Nothing was written. */
  | { readonly outcome: "lease-held"; readonly lease: Lease };

export interface EntryQuery {
  readonly kind?: LeafKind;
  readonly service?: string;
  readonly verdict?: string;
  readonly policy?: string;
  readonly channel?: string;
  /** Entries that have a mark about it. */
  readonly subject?: string;
  /** Inclusive bounds, epoch milliseconds. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Entries strictly before this leaf index: the cursor of a listing, newest first. */
  readonly beforeLeafIndex?: number;
  /** 1..1000 */
  readonly limit: number;
}

export interface KeptBundle {
  readonly name: string;
  readonly revision: string;
  readonly sha256: string;
  readonly archiveBytes: number;
  /** Leaf index of its publication. */
  readonly leafIndex: number;
  readonly publishedAt: string;
}

export interface RecordReader {
  findEntry(id: string): Promise<RecordedEntry | undefined>;
  findByIdempotencyKey(
    key: string,
  ): Promise<{ readonly requestSha256: string; readonly entry: RecordedEntry } | undefined>;
  /** Newest first. */
  listEntries(query: EntryQuery): Promise<readonly RecordedEntry[]>;
  /** Newest first by the time of their entries, which are not older than `sinceMs`. */
  findMarks(subject: string, sinceMs: number, limit: number): Promise<readonly FoundMark[]>;
  findLease(scope: string): Promise<Lease | undefined>;
  /**
   * Leaf order, from `fromLeafIndex` on, at most `limit`, unchecked: what a verifier reads, and so
   * called for a whole record. It lets other work of the process pass before it resolves.
   */
  readEntries(fromLeafIndex: number, limit: number): Promise<readonly StoredEntry[]>;
  /** The head of the newest commit; size 0 with the empty root for an empty record. */
  readHead(): Promise<TreeHead>;
  /** Every tree head kept, oldest first, after `afterTreeSize`, at most `limit`. */
  readHeads(afterTreeSize: number, limit: number): Promise<readonly TreeHead[]>;
  /** The revision a channel points at. */
  findChannel(name: string): Promise<string | undefined>;
  /** Newest first. */
  listBundles(): Promise<readonly KeptBundle[]>;
  findBundle(
    revision: string,
  ): Promise<{ readonly kept: KeptBundle; readonly archive: Uint8Array } | undefined>;
  close(): Promise<void>;
}

export interface RecordStore extends RecordReader {
  append(request: AppendRequest): Promise<AppendResult>;
  /** Why the writer refuses to write; undefined while it writes. */
  readonly sealed: string | undefined;
  /** Appends taken and not yet committed. */
  readonly waitingCount: number;
}
