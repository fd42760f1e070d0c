/** @module Engines by revision: opened from the record on first need, the last few kept warm. */

import { BelayError } from "../base/errors.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import type { RecordReader } from "../store/record-store.ts";
import { type CreateEvaluator, createEngine, type Engine } from "./engine.ts";

/** An instance takes a few MiB; replays touch few revisions at a time. */
const enginesMax = 8;

export interface EnginePoolOptions {
  /** False where other threads decide, and find out what cannot be instantiated. True where absent. */
  readonly prepares?: boolean;
}

export interface EnginePool {
  /** @throws BelayError `bundle-not-found`, `bundle-invalid` */
  loadEngine(revision: string): Promise<Engine>;
}

export function createEnginePool(
  reader: RecordReader,
  createEvaluator: CreateEvaluator,
  { prepares = true }: EnginePoolOptions = {},
): EnginePool {
  const engines = new Map<string, Engine>();

  async function open(revision: string): Promise<Engine> {
    const found = await reader.findBundle(revision);
    if (found === undefined) {
      throw new BelayError("bundle-not-found", `no bundle of revision \`${revision}\` is kept`);
    }
    const opened = openBundle(found.archive);
    if (!opened.ok) throw new BelayError("bundle-invalid", opened.message);
    try {
      const engine = createEngine(opened.bundle, createEvaluator);
      if (prepares) engine.prepare();
      return engine;
    } catch (cause) {
      throw new BelayError("bundle-invalid", "policy.wasm cannot be instantiated", { cause });
    }
  }

  return {
    async loadEngine(revision) {
      const engine = engines.get(revision) ?? (await open(revision));
      engines.delete(revision);
      engines.set(revision, engine);
      for (const oldest of engines.keys()) {
        if (engines.size <= enginesMax) break;
        engines.delete(oldest);
      }
      return engine;
    },
  };
}
