/**
 * @module The end of a record, verified before anything is added to it: what a crash, a failing
 * disk or a restored file would have damaged. `verifyRecord` verifies all of it.
 */

import type { DatabaseSync } from "node:sqlite";
import { BelayError } from "../../base/errors.ts";
import { Frontier, leafHash } from "../../log/merkle.ts";

/** At least so many entries, and the rest of the commit that the first of them was in. */
const tailEntries = 1_000;

/**
 * The tree of the record, from the last head. Entries since an earlier head are hashed again, and
 * the tree they make must be the last head's.
 * @throws BelayError `log-corrupt`
 */
export function loadTail(database: DatabaseSync): Frontier {
  const last = findHead(database, Number.MAX_SAFE_INTEGER);
  const frontier = findHead(database, last.treeSize - tailEntries);
  const rows = database
    .prepare(
      "SELECT leaf_index, leaf_hash, leaf FROM entries WHERE leaf_index >= ? ORDER BY leaf_index",
    )
    .iterate(frontier.treeSize);
  for (const row of rows) {
    if (row["leaf_index"] !== frontier.treeSize) {
      throw corrupt(`entry ${frontier.treeSize} is missing`);
    }
    const hash = leafHash(row["leaf"] as Uint8Array);
    if (Buffer.compare(hash, row["leaf_hash"] as Uint8Array) !== 0) {
      throw corrupt(`entry ${frontier.treeSize} does not have its leaf hash`);
    }
    frontier.append(hash);
  }
  if (frontier.treeSize !== last.treeSize) {
    throw corrupt(`${frontier.treeSize} entries, but the last tree head has ${last.treeSize}`);
  }
  if (Buffer.compare(frontier.rootHash(), last.rootHash()) !== 0) {
    throw corrupt("the last entries do not make the last tree head");
  }
  return last;
}

/** The tree of the newest head of at most `treeSizeMax` leaves; the empty one where none is kept. */
function findHead(database: DatabaseSync, treeSizeMax: number): Frontier {
  const row = database
    .prepare(
      `SELECT tree_size, root_hash, frontier FROM heads WHERE tree_size <= ?
       ORDER BY tree_size DESC LIMIT 1`,
    )
    .get(treeSizeMax);
  if (row === undefined) return Frontier.empty();
  const treeSize = row["tree_size"] as number;
  const frontier = Frontier.parse(treeSize, row["frontier"] as Uint8Array);
  if (
    frontier === undefined ||
    Buffer.compare(frontier.rootHash(), row["root_hash"] as Uint8Array) !== 0
  ) {
    throw corrupt(`the tree head of size ${treeSize} does not have its own root`);
  }
  return frontier;
}

function corrupt(what: string): BelayError {
  return new BelayError("log-corrupt", `the end of the record does not verify: ${what}`);
}
