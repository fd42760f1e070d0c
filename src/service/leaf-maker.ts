/** @module Leaves of the record, made from what the use cases know. */

import { createId } from "../base/id.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { BundleName, Caller, LeafBase } from "../log/entry.ts";
import type { RecordStore } from "../store/record-store.ts";

export interface Versions {
  readonly belay: string;
  readonly opa: string;
}

/** What it takes to put something on record. */
export interface Recording {
  readonly store: RecordStore;
  readonly versions: Versions;
  /** Epoch milliseconds. */
  readonly clockMs: () => number;
}

/** The members every leaf has. `id` is a new one where none is given. */
export function leafBase(
  versions: Versions,
  nowMs: number,
  caller: Caller,
  id: string = createId(nowMs),
): LeafBase {
  return {
    v: 1,
    id,
    time: new Date(nowMs).toISOString(),
    caller,
    engine: { belay: versions.belay, opa: versions.opa },
  };
}

export function bundleName(bundle: Bundle): BundleName {
  return { name: bundle.name, revision: bundle.revision, sha256: bundle.sha256 };
}
