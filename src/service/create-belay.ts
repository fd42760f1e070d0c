/** @module The use cases joined: one object that every face calls. */

import { BelayError } from "../base/errors.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import type { Decision } from "../decision/decision.ts";
import type { Caller } from "../log/entry.ts";
import { verifyRecord } from "../log/verify.ts";
import type { SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { RecordStore } from "../store/record-store.ts";
import type { Belay, ChannelState } from "./belay.ts";
import {
  channelHistory,
  loadChannel,
  loadPrevious,
  moveChannel,
  productionChannel,
} from "./channel.ts";
import { decide, recordedDecision } from "./decide.ts";
import type { CreateEvaluator, Engine } from "./engine.ts";
import { createEnginePool } from "./engine-pool.ts";
import { explain } from "./explain.ts";
import type { Versions } from "./leaf-maker.ts";
import { keepBundle, publishArchive, publishPack } from "./publish.ts";
import { loadDecisionEntry, replay } from "./replay.ts";
import { createSnapshotFrom } from "./snapshot.ts";

export interface BelayDependencies {
  readonly store: RecordStore;
  readonly toolchain: Toolchain;
  readonly createEvaluator: CreateEvaluator;
  readonly library: readonly SourceFile[];
  readonly versions: Versions;
  /** Epoch milliseconds. */
  readonly clockMs: () => number;
}

export interface Start {
  /** Used where the production channel points nowhere yet. */
  readonly fallback: Bundle;
  /** Put in force whatever the channel says: what the operator named at start. */
  readonly chosen?: Bundle;
}

/** @throws BelayError `bundle-invalid` where the bundle in force cannot be used */
export async function createBelay(deps: BelayDependencies, start: Start): Promise<Belay> {
  const { store, toolchain, clockMs } = deps;
  const engines = createEnginePool(store, deps.createEvaluator);
  let inForce = await startEngine();

  async function startEngine(): Promise<Engine> {
    const caller = { subject: "belay serve", auth: "start" };
    const current = await store.findChannel(productionChannel);
    const bundle = start.chosen ?? (current === undefined ? start.fallback : undefined);
    if (bundle === undefined) return engines.loadEngine(current as string);
    await keepBundle(deps, bundle, caller);
    const engine = await engines.loadEngine(bundle.revision);
    await moveChannel(deps, productionChannel, bundle.revision, caller);
    return engine;
  }

  /** Moves are made one after the other, so that the engine in force is that of the last move. */
  let lastMove: Promise<unknown> = Promise.resolve();
  function inTurn<T>(move: () => Promise<T>): Promise<T> {
    const result = lastMove.then(move);
    lastMove = result.catch(() => undefined);
    return result;
  }

  /** The engine is ready before the move is on record, and in force right after it. */
  async function promote(
    channel: string,
    revision: string,
    caller: Caller,
    expected?: string,
  ): Promise<ChannelState> {
    const engine = await engines.loadEngine(revision);
    const state = await moveChannel(deps, channel, revision, caller, expected);
    if (channel === productionChannel) inForce = engine;
    return state;
  }

  return {
    decide: (call) => decide({ ...deps, engineInForce: () => inForce }, call),
    async loadDecision(id) {
      const entry = await store.findEntry(id);
      if (entry?.leaf.kind !== "decision") {
        throw new BelayError("decision-not-found", `no decision \`${id}\` is on record`);
      }
      return recordedDecision(entry, await store.readHead(), false);
    },
    async listDecisions(query) {
      const entries = await store.listEntries({ ...query, kind: "decision" });
      const head = await store.readHead();
      const decisions = entries
        .filter((entry) => entry.body !== undefined)
        .map((entry) => recordedDecision(entry, head, false));
      const last = entries.at(-1);
      const hasMore = last !== undefined && entries.length === query.limit && last.leafIndex > 0;
      return hasMore ? { decisions, next: last.leafIndex } : { decisions };
    },
    async explain(id) {
      const { leaf, body } = await loadDecisionEntry(store, id);
      const { bundle } = await engines.loadEngine(leaf.bundle.revision);
      const decision = JSON.parse(body.decision) as Decision;
      return explain({ bundle, inputJson: body.input, decision, toolchain });
    },
    replay: (id, revision) => replay(store, engines, id, revision),
    snapshot: async (mapping, service, answers) =>
      createSnapshotFrom(inForce.bundle, mapping, answers, { nowMs: clockMs(), service }),

    publishPack: (pack, caller) => publishPack(deps, pack, caller),
    publishArchive: (archive, caller) => publishArchive(deps, archive, caller),
    listBundles: () => store.listBundles(),
    async loadBundle(revision) {
      const { kept, archive } = await loadKept(store, revision);
      const opened = openBundle(archive);
      if (!opened.ok) throw new BelayError("bundle-invalid", opened.message);
      const { manifest, sources, documents, rules } = opened.bundle;
      return { bundle: kept, manifest, sources, documents, rules };
    },
    loadArchive: async (revision) => (await loadKept(store, revision)).archive,

    loadChannel: (channel) => loadChannel(store, channel),
    promote: (...move) => inTurn(() => promote(...move)),
    revert: (channel, caller) =>
      inTurn(async () => promote(channel, await loadPrevious(store, channel), caller)),
    channelHistory: (channel) => channelHistory(store, channel),

    verifyRecord: () => verifyRecord(store),
    readHead: () => store.readHead(),
    health() {
      const { sealed } = store;
      const reasons = sealed === undefined ? [] : [`the record is sealed: ${sealed}`];
      return { ready: reasons.length === 0, reasons, revision: inForce.bundle.revision };
    },
    async close() {
      await store.close();
      await toolchain.close();
    },
  };
}

async function loadKept(
  store: RecordStore,
  revision: string,
): Promise<NonNullable<Awaited<ReturnType<RecordStore["findBundle"]>>>> {
  const found = await store.findBundle(revision);
  if (found === undefined) {
    throw new BelayError("bundle-not-found", `no bundle of revision \`${revision}\` is kept`);
  }
  return found;
}
