/**
 * @module One transaction for many appends: entries, what belongs to them, and the new tree head,
 * or nothing. The tree in memory follows only once the transaction is durable.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import type { TreeHead } from "../../log/entry.ts";
import type { Frontier } from "../../log/merkle.ts";
import type { LeaseRequest } from "../record-store.ts";
import { leaseOf } from "./entry-row.ts";
import { isRowRefused, sqliteMessage } from "./sqlite-error.ts";
import type { Commit, WireAppend, WireOutcome, WirePublication } from "./wire.ts";

export class Committer {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #frontier: Frontier;
  #head: TreeHead;

  /** `frontier`: the tree that the database holds. */
  constructor(database: DatabaseSync, frontier: Frontier) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#frontier = frontier;
    this.#head = { treeSize: frontier.treeSize, rootHash: frontier.rootHash() };
  }

  /**
   * Commits `appends` in order; returns once that is durable. Throws on any failure of SQLite that
   * is not about one row: then nobody knows what is on the disk, and nothing may be written here
   * any more.
   */
  commit(appends: readonly WireAppend[]): Commit {
    try {
      return this.#transact(appends);
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      if (!isRowRefused(error)) throw error;
      const [only] = appends;
      if (only !== undefined && appends.length === 1) {
        return { outcomes: [rejection(only, error)], head: this.#head };
      }
      // One of them breaks a rule. Alone, each of the others comes through.
      return { outcomes: appends.flatMap((one) => this.commit([one]).outcomes), head: this.#head };
    }
  }

  #transact(appends: readonly WireAppend[]): Commit {
    this.#database.exec("BEGIN IMMEDIATE");
    this.#expectHead();
    const frontier = this.#frontier.copy();
    const outcomes = appends.map((append) => this.#append(append, frontier));
    let head = this.#head;
    if (frontier.treeSize > head.treeSize) {
      head = { treeSize: frontier.treeSize, rootHash: frontier.rootHash() };
      this.#statements.insertHead.run(head.treeSize, head.rootHash, frontier.toBytes());
    }
    this.#database.exec("COMMIT");
    this.#frontier = frontier;
    this.#head = head;
    return { outcomes, head };
  }

  /** Compare and swap: the tree on disk must still be the one that is continued here. */
  #expectHead(): void {
    const row = this.#statements.lastHead.get();
    const { treeSize, rootHash } = this.#head;
    const same =
      row === undefined
        ? treeSize === 0
        : row["tree_size"] === treeSize &&
          Buffer.compare(row["root_hash"] as Uint8Array, rootHash) === 0;
    if (!same) throw new BelayError("log-sealed", "somebody else has written to the record");
  }

  #append(append: WireAppend, frontier: Frontier): WireOutcome {
    const known = this.#findKnown(append);
    if (known !== undefined) return known;
    const refused = this.#refusePromotion(append) ?? this.#refuseLease(append);
    if (refused !== undefined) return refused;

    const leafIndex = frontier.treeSize;
    const { listed, listing, body, idempotency, publication, promotion } = append;
    const { insertEntry, insertPolicy, insertBody, insertKey, moveChannel } = this.#statements;
    insertEntry.run(
      leafIndex,
      listed.id,
      listed.kind,
      listed.timeMs,
      listing?.service ?? null,
      listed.verdict,
      listed.channel,
      append.leafHash,
      append.leafBytes,
    );
    for (const policy of new Set(listing?.policies)) insertPolicy.run(policy, leafIndex);
    if (body !== undefined) insertBody.run(leafIndex, body.salt, body.input, body.decision);
    if (idempotency !== undefined) {
      insertKey.run(idempotency.key, idempotency.requestSha256, leafIndex);
    }
    if (publication !== undefined) this.#insertBundle(leafIndex, publication);
    if (promotion !== undefined) moveChannel.run(listed.channel, promotion.to);
    for (const [place, { subject, value }] of (append.marks ?? []).entries()) {
      this.#statements.insertMark.run(subject, listed.timeMs, leafIndex, place, value);
    }
    if (append.lease !== undefined) this.#settleLease(append.lease);
    frontier.append(append.leafHash);
    return { outcome: "appended", leafIndex };
  }

  #findKnown({ idempotency, publication }: WireAppend): WireOutcome | undefined {
    if (idempotency !== undefined) {
      const row = this.#statements.findKey.get(idempotency.key);
      if (row !== undefined && row["request_sha256"] !== idempotency.requestSha256) {
        return { outcome: "key-reused" };
      }
      if (row !== undefined)
        return { outcome: "duplicate", leafIndex: row["leaf_index"] as number };
    }
    if (publication === undefined) return undefined;
    const row = this.#statements.findBundle.get(publication.revision);
    return row && { outcome: "duplicate", leafIndex: row["leaf_index"] as number };
  }

  #refusePromotion({ listed, promotion }: WireAppend): WireOutcome | undefined {
    if (promotion === undefined) return undefined;
    const row = this.#statements.findChannel.get(listed.channel);
    const current = row === undefined ? null : (row["revision"] as string);
    if (current !== promotion.from) return { outcome: "channel-moved", current };
    if (this.#statements.findBundle.get(promotion.to) !== undefined) return undefined;
    const message = `the revision \`${promotion.to}\` was never published here`;
    return { outcome: "rejected", code: "bundle-not-found", message };
  }

  #refuseLease({ lease }: WireAppend): WireOutcome | undefined {
    if (lease?.action !== "take") return undefined;
    const row = this.#statements.findLease.get(lease.scope);
    if (row === undefined) return undefined;
    const held = leaseOf(row);
    const isFree = held.holder === lease.holder || held.expiresAtMs <= lease.nowMs;
    return isFree ? undefined : { outcome: "lease-held", lease: held };
  }

  #settleLease(lease: LeaseRequest): void {
    const { takeLease, releaseLease } = this.#statements;
    if (lease.action === "release") {
      releaseLease.run(lease.scope, lease.holder);
      return;
    }
    const { scope, holder, value, nowMs, expiresAtMs, beginsAnew } = lease;
    if (beginsAnew) releaseLease.run(scope, holder);
    takeLease.run(scope, holder, value, nowMs, nowMs, expiresAtMs);
  }

  #insertBundle(leafIndex: number, publication: WirePublication): void {
    const { revision, name, sha256, archive } = publication;
    this.#statements.insertBundle.run(leafIndex, revision, name, sha256, archive);
  }
}

function rejection({ listed }: WireAppend, error: unknown): WireOutcome {
  const message = `the record refuses entry \`${listed.id}\`: ${sqliteMessage(error)}`;
  return { outcome: "rejected", code: "internal", message };
}

type Statements = Readonly<Record<keyof typeof statementTexts, StatementSync>>;

const statementTexts = {
  lastHead: "SELECT tree_size, root_hash FROM heads ORDER BY tree_size DESC LIMIT 1",
  insertHead: "INSERT INTO heads (tree_size, root_hash, frontier) VALUES (?, ?, ?)",
  insertEntry: `INSERT INTO entries
    (leaf_index, id, kind, time_ms, service, verdict, channel, leaf_hash, leaf)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  insertPolicy: "INSERT INTO decision_policies (policy, leaf_index) VALUES (?, ?)",
  insertBody: "INSERT INTO bodies (leaf_index, salt, input, decision) VALUES (?, ?, ?, ?)",
  insertKey: "INSERT INTO idempotency_keys (key, request_sha256, leaf_index) VALUES (?, ?, ?)",
  findKey: "SELECT request_sha256, leaf_index FROM idempotency_keys WHERE key = ?",
  insertBundle: `INSERT INTO bundles (leaf_index, revision, name, sha256, archive)
    VALUES (?, ?, ?, ?, ?)`,
  findBundle: "SELECT leaf_index FROM bundles WHERE revision = ?",
  findChannel: "SELECT revision FROM channels WHERE name = ?",
  insertMark:
    "INSERT INTO marks (subject, time_ms, leaf_index, place, value) VALUES (?, ?, ?, ?, ?)",
  findLease: "SELECT * FROM leases WHERE scope = ?",
  takeLease: `INSERT INTO leases (scope, holder, value, taken_at_ms, renewed_at_ms, expires_at_ms)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (scope) DO UPDATE SET holder = excluded.holder, value = excluded.value,
      taken_at_ms = CASE holder WHEN excluded.holder THEN taken_at_ms ELSE excluded.taken_at_ms END,
      renewed_at_ms = excluded.renewed_at_ms, expires_at_ms = excluded.expires_at_ms`,
  releaseLease: "DELETE FROM leases WHERE scope = ? AND holder = ?",
  moveChannel: `INSERT INTO channels (name, revision) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET revision = excluded.revision`,
};

function prepareStatements(database: DatabaseSync): Statements {
  const entries = Object.entries(statementTexts).map(([name, sql]) => [
    name,
    database.prepare(sql),
  ]);
  return Object.fromEntries(entries) as Statements;
}
