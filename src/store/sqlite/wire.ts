/**
 * @module What the writer's thread and those who append tell each other. Each of them has a port of
 * its own, on which messages go in order both ways: outcomes come in the order of the appends they
 * answer, so nothing needs an id.
 */

import type { MessagePort } from "node:worker_threads";
import type { ErrorCode } from "../../base/errors.ts";
import type { DecisionBody, ListedColumns, TreeHead } from "../../log/entry.ts";
import { listedColumns } from "../../log/verify-entry.ts";
import type { PreparedAppend } from "../prepare-append.ts";
import type {
  AppendRequest,
  DecisionListing,
  IdempotencyKey,
  Lease,
  LeaseRequest,
  Mark,
} from "../record-store.ts";

/** One append, reduced to what its rows hold. */
export interface WireAppend {
  readonly leafBytes: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly listed: ListedColumns;
  readonly body: DecisionBody | undefined;
  readonly listing: DecisionListing | undefined;
  readonly idempotency: IdempotencyKey | undefined;
  readonly publication: WirePublication | undefined;
  readonly promotion: WirePromotion | undefined;
  readonly marks: readonly Mark[] | undefined;
  readonly lease: LeaseRequest | undefined;
}

/** What the writer needs of `request`. */
export function wireAppend(request: AppendRequest, prepared: PreparedAppend): WireAppend {
  const { leaf, body, listing, idempotency, archive, marks, lease } = request;
  const isPublication = leaf.kind === "publication" && archive !== undefined;
  return {
    leafBytes: prepared.leafBytes,
    leafHash: prepared.leafHash,
    listed: listedColumns(leaf),
    body,
    listing,
    idempotency,
    publication: isPublication ? { ...leaf.bundle, archive } : undefined,
    promotion: leaf.kind === "promotion" ? { from: leaf.from, to: leaf.to } : undefined,
    marks,
    lease,
  };
}

export interface WirePublication {
  readonly revision: string;
  readonly name: string;
  readonly sha256: string;
  readonly archive: Uint8Array;
}

export interface WirePromotion {
  readonly from: string | null;
  readonly to: string;
}

export type WireOutcome =
  | { readonly outcome: "appended"; readonly leafIndex: number }
  | { readonly outcome: "duplicate"; readonly leafIndex: number }
  | { readonly outcome: "key-reused" }
  | { readonly outcome: "channel-moved"; readonly current: string | null }
  | { readonly outcome: "lease-held"; readonly lease: Lease }
  | { readonly outcome: "rejected"; readonly code: ErrorCode; readonly message: string };

/** Outcomes of one transaction, durable, and the head it left. */
export interface Commit {
  readonly outcomes: readonly WireOutcome[];
  readonly head: TreeHead;
}

/** From whoever appends. After `close` nothing more comes. */
export type ToWriter =
  | { readonly kind: "append"; readonly appends: readonly WireAppend[] }
  | { readonly kind: "close" };

/** To whoever appends. The writer closes the port once it has answered all that came before `close`. */
export type FromWriter =
  | ({ readonly kind: "committed" } & Commit)
  | { readonly kind: "sealed"; readonly reason: string };

/** From the thread that made the writer's: a port for one more who appends, or the end. */
export type ToWriterThread =
  | { readonly kind: "connect"; readonly port: MessagePort }
  | { readonly kind: "end" };

export type FromWriterThread =
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string };
