/** @module The use cases joined: one object that every face calls. */

import { verifyRecord } from "../log/verify.ts";
import type { SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { RecordStore } from "../store/record-store.ts";
import type { Belay, Health } from "./belay.ts";
import { channelHistory, loadChannel } from "./channel.ts";
import { decide } from "./decide.ts";
import type { CreateEvaluator, Engine } from "./engine.ts";
import { createEnginePool } from "./engine-pool.ts";
import { explainRecorded } from "./explain.ts";
import type { Versions } from "./leaf-maker.ts";
import { type Start, startProduction } from "./production.ts";
import { publishArchive, publishPack } from "./publish.ts";
import { listDecisions, loadArchive, loadBundle, loadDecision } from "./read-record.ts";
import { replay } from "./replay.ts";
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

/** @throws BelayError `bundle-invalid` where the bundle in force cannot be used */
export async function createBelay(deps: BelayDependencies, start: Start): Promise<Belay> {
  const { store, toolchain, clockMs } = deps;
  const engines = createEnginePool(store, deps.createEvaluator);
  const production = await startProduction(deps, engines, start);
  const engineInForce = (): Engine => production.engineInForce();

  return {
    decide: (call) => decide({ ...deps, engineInForce }, call),
    loadDecision: (id) => loadDecision(store, id),
    listDecisions: (query) => listDecisions(store, query),
    explain: (id) => explainRecorded(store, engines, toolchain, id),
    replay: (id, revision) => replay(store, engines, id, revision),
    snapshot: async (mapping, service, answers) =>
      createSnapshotFrom(engineInForce().bundle, mapping, answers, { nowMs: clockMs(), service }),

    publishPack: (pack, caller) => publishPack(deps, pack, caller),
    publishArchive: (archive, caller) => publishArchive(deps, archive, caller),
    listBundles: () => store.listBundles(),
    loadBundle: (revision) => loadBundle(store, revision),
    loadArchive: (revision) => loadArchive(store, revision),

    loadChannel: (channel) => loadChannel(store, channel),
    promote: (...move) => production.promote(...move),
    revert: (channel, caller) => production.revert(channel, caller),
    channelHistory: (channel) => channelHistory(store, channel),

    verifyRecord: () => verifyRecord(store),
    readHead: () => store.readHead(),
    health: () => describeHealth(store, engineInForce().bundle.revision),
    async close() {
      await store.close();
      await toolchain.close();
    },
  };
}

function describeHealth(store: RecordStore, revision: string): Health {
  const { sealed } = store;
  const reasons = sealed === undefined ? [] : [`the record is sealed: ${sealed}`];
  return { ready: reasons.length === 0, reasons, revision };
}
