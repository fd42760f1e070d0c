/** @module What every store checks and computes of an append before it queues it. */

import { assert } from "../base/assert.ts";
import { sha256Hex } from "../base/digest.ts";
import { encodeLeaf } from "../log/leaf.ts";
import { leafHash } from "../log/merkle.ts";
import type { AppendRequest } from "./record-store.ts";

export interface PreparedAppend {
  readonly leafBytes: Uint8Array;
  readonly leafHash: Uint8Array;
  /** What it holds in memory while it waits, about: text counts as one byte a character. */
  readonly bytes: number;
}

/** Throws `internal` for a request that breaks the port, `input-too-large` for too large a leaf. */
export function prepareAppend(request: AppendRequest): PreparedAppend {
  const { leaf, body, archive, listing, idempotency } = request;
  const isDecision = leaf.kind === "decision";
  assert((body !== undefined) === isDecision, "a decision has a body, nothing else has");
  assert((listing !== undefined) === isDecision, "a decision is listed, nothing else is");
  assert(
    (archive !== undefined) === (leaf.kind === "publication"),
    "a publication brings its archive, nothing else does",
  );
  if (leaf.kind === "publication" && archive !== undefined) {
    assert(sha256Hex(archive) === leaf.bundle.sha256, "a publication names its archive's digest");
  }
  const texts = [idempotency?.key ?? "", listing?.service ?? "", ...(listing?.policies ?? [])];
  assert(
    texts.every((text) => text.isWellFormed()),
    "text to find entries by has no lone surrogates",
  );
  const leafBytes = encodeLeaf(leaf);
  const bodyBytes = body === undefined ? 0 : body.input.length + body.decision.length;
  const bytes = leafBytes.length + bodyBytes + (archive?.length ?? 0);
  return { leafBytes, leafHash: leafHash(leafBytes), bytes };
}
