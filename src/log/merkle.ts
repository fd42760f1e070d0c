/**
 * @module The Merkle tree of RFC 6962 section 2.1, kept as a frontier: the roots of the complete
 * subtrees that make up the tree, largest first. Appending and the root cost O(log n), and nothing
 * else of the tree has to be kept to go on.
 */

import { hash } from "node:crypto";
import { assert } from "../base/assert.ts";

export const hashBytes = 32;

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRootHash: Uint8Array = sha256(new Uint8Array(0));

/** SHA-256(0x00 || entry). The prefix keeps a leaf from ever passing for an inner node. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length);
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + 2 * hashBytes);
  prefixed[0] = 1;
  prefixed.set(left, 1);
  prefixed.set(right, 1 + hashBytes);
  return sha256(prefixed);
}

export class Frontier {
  #treeSize: number;
  readonly #subtrees: Uint8Array[];

  private constructor(treeSize: number, subtrees: Uint8Array[]) {
    this.#treeSize = treeSize;
    this.#subtrees = subtrees;
  }

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /**
   * The frontier that `toBytes` wrote for a tree of `treeSize` leaves; undefined where the bytes
   * cannot be one. Whether it is the right one only its root can tell.
   */
  static parse(treeSize: number, bytes: Uint8Array): Frontier | undefined {
    if (!Number.isSafeInteger(treeSize) || treeSize < 0) return undefined;
    if (bytes.length !== subtreeCount(treeSize) * hashBytes) return undefined;
    const subtrees: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += hashBytes) {
      subtrees.push(bytes.slice(at, at + hashBytes));
    }
    return new Frontier(treeSize, subtrees);
  }

  /** Leaves appended so far. */
  get treeSize(): number {
    return this.#treeSize;
  }

  append(leaf: Uint8Array): void {
    assert(leaf.length === hashBytes, "a leaf hash has 32 bytes");
    let node = leaf;
    // Each trailing one bit of the size is a complete subtree that the new node completes further.
    for (let size = this.#treeSize; size % 2 === 1; size = Math.floor(size / 2)) {
      node = nodeHash(this.#subtrees.pop() as Uint8Array, node);
    }
    this.#subtrees.push(node);
    this.#treeSize += 1;
  }

  rootHash(): Uint8Array {
    let root = this.#subtrees.at(-1);
    if (root === undefined) return emptyRootHash;
    for (const left of this.#subtrees.slice(0, -1).toReversed()) root = nodeHash(left, root);
    return root;
  }

  /** The subtree roots one after another, largest subtree first. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#subtrees.length * hashBytes);
    this.#subtrees.forEach((subtree, index) => bytes.set(subtree, index * hashBytes));
    return bytes;
  }

  /** A frontier that goes its own way: what is appended to it does not show here. */
  copy(): Frontier {
    return new Frontier(this.#treeSize, [...this.#subtrees]);
  }
}

/** One bits of `treeSize`; it may lie beyond 32 bits. */
function subtreeCount(treeSize: number): number {
  let count = 0;
  for (let size = treeSize; size > 0; size = Math.floor(size / 2)) count += size % 2;
  return count;
}

function sha256(bytes: Uint8Array): Uint8Array {
  // A plain Uint8Array of its own: a Buffer from the pool would carry its neighbours along.
  return new Uint8Array(hash("sha256", bytes, "buffer"));
}
