/**
 * @module The use cases joined: one object that every face calls. One of them leads: it has the
 * toolchain and moves channels. Others of the same process may follow it, each with a store of its
 * own: they decide and read by themselves, and leave the rest to the one that leads.
 */

import { assert } from "../base/assert.ts";
import { verifyRecord } from "../log/verify.ts";
import type { SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { RecordStore } from "../store/record-store.ts";
import { loadAccount } from "./account.ts";
import type { Belay, CentralBelay, Health } from "./belay.ts";
import { channelHistory, loadChannel } from "./channel.ts";
import { crosscheck } from "./crosscheck.ts";
import { type CrosscheckCounts, createCrosschecker, type Disagreement } from "./crosschecker.ts";
import { type CrosscheckMode, createCrosschecking } from "./crosschecking.ts";
import { decide } from "./decide.ts";
import type { CreateEvaluator, Engine } from "./engine.ts";
import { createEnginePool, type EnginePool } from "./engine-pool.ts";
import { explainRecorded } from "./explain.ts";
import type { Versions } from "./leaf-maker.ts";
import { type Follower, type Production, type Start, startProduction } from "./production.ts";
import { publishArchive, publishPack } from "./publish.ts";
import { listDecisions, loadArchive, loadBundle, loadDecision } from "./read-record.ts";
import { replay } from "./replay.ts";
import { loadCarriedPlan } from "./rollback/carried-plan.ts";
import { reportStep } from "./rollback/report-step.ts";
import { resolve } from "./rollback/resolve.ts";
import { describeRollback } from "./rollback/rollback-state.ts";
import { verifyRollback } from "./rollback/verify-rollback.ts";
import { createSnapshotFrom } from "./snapshot.ts";

/** What it takes to decide and to read. */
export interface DecidingDependencies {
  readonly store: RecordStore;
  readonly createEvaluator: CreateEvaluator;
  readonly versions: Versions;
  /** Epoch milliseconds. */
  readonly clockMs: () => number;
  readonly crosscheck: CrosscheckMode;
}

export interface BelayDependencies extends DecidingDependencies {
  readonly toolchain: Toolchain;
  readonly library: readonly SourceFile[];
  /** Those that follow decide; this one keeps no engine ready. */
  readonly decidesElsewhere: boolean;
  readonly onDisagreement: (disagreement: Disagreement) => void;
}

export interface LeadingBelay extends Belay, Pick<Production, "admit" | "dismiss"> {
  /** Of all threads. */
  readonly crosscheckCounts: CrosscheckCounts;
}

/** To be admitted before it decides. */
export interface FollowingBelay extends Belay, Follower {}

/** @throws BelayError `bundle-invalid` where the bundle in force cannot be used */
export async function createBelay(deps: BelayDependencies, start: Start): Promise<LeadingBelay> {
  const { store, toolchain } = deps;
  const engines = createEnginePool(store, deps.createEvaluator, {
    prepares: !deps.decidesElsewhere,
  });
  const production = await startProduction(deps, engines, start);
  const crosschecker = createCrosschecker({
    ...deps,
    ask: (request) => crosscheck(toolchain, request),
    loadBundle: async (revision) => (await engines.loadEngine(revision)).bundle,
  });

  return {
    ...createLocalUses(deps, engines, {
      engineInForce: () => production.engineInForce(),
      crosscheck: (question) => crosschecker.check(question),
    }),
    crosscheck: (question) => crosschecker.check(question),
    crosscheckCounts: crosschecker.counts,
    explain: (id) => explainRecorded(store, engines, toolchain, id),
    publishPack: (pack, caller) => publishPack(deps, pack, caller),
    publishArchive: (archive, caller) => publishArchive(deps, archive, caller),
    promote: (...move) => production.promote(...move),
    revert: (channel, caller) => production.revert(channel, caller),
    admit: (follower) => production.admit(follower),
    dismiss: (follower) => production.dismiss(follower),
    async close() {
      await store.close();
      await toolchain.close();
    },
  };
}

export function createFollowingBelay(
  deps: DecidingDependencies,
  central: CentralBelay,
): FollowingBelay {
  const engines = createEnginePool(deps.store, deps.createEvaluator);
  let prepared: Engine | undefined;
  let inForce: Engine | undefined;

  function engineInForce(): Engine {
    assert(inForce !== undefined, "nothing is decided before a revision is in force");
    return inForce;
  }

  return {
    ...central,
    ...createLocalUses(deps, engines, {
      engineInForce,
      crosscheck: (question) => central.crosscheck(question),
    }),
    async prepare(revision) {
      prepared = await engines.loadEngine(revision);
    },
    async follow(revision) {
      assert(prepared?.bundle.revision === revision, "what comes into force was prepared");
      inForce = prepared;
    },
    close: () => deps.store.close(),
  };
}

function createLocalUses(
  deps: DecidingDependencies,
  engines: EnginePool,
  uses: { readonly engineInForce: () => Engine } & Pick<Belay, "crosscheck">,
): Omit<Belay, keyof CentralBelay | "close"> {
  const { store, clockMs } = deps;
  const { engineInForce } = uses;
  const crosschecking = createCrosschecking(deps.crosscheck, uses.crosscheck);
  const deciding = { ...deps, engineInForce, crosschecking };
  return {
    decide: (call) => decide(deciding, call),
    reportStep: (id, call) => reportStep(deps, id, call),
    verifyRollback: (id, call) => verifyRollback(deciding, id, call),
    resolve: (id, call) => resolve(deps, id, call),
    loadRollback: async (id) => describeRollback(await loadCarriedPlan(store, id, clockMs())),
    loadDecision: (id) => loadDecision(store, id),
    loadAccount: (id) => loadAccount(store, id),
    listDecisions: (query) => listDecisions(store, query),
    replay: (id, revision) => replay(store, engines, id, revision),
    snapshot: async (mapping, service, answers) =>
      createSnapshotFrom(engineInForce().bundle, mapping, answers, { nowMs: clockMs(), service }),
    listBundles: () => store.listBundles(),
    loadBundle: (revision) => loadBundle(store, revision),
    loadArchive: (revision) => loadArchive(store, revision),
    loadChannel: (channel) => loadChannel(store, channel),
    channelHistory: (channel) => channelHistory(store, channel),
    verifyRecord: () => verifyRecord(store),
    readHead: () => store.readHead(),
    health: () => describeHealth(store, engineInForce().bundle.revision),
  };
}

function describeHealth(store: RecordStore, revision: string): Health {
  const { sealed } = store;
  const reasons = sealed === undefined ? [] : [`the record is sealed: ${sealed}`];
  return { ready: reasons.length === 0, reasons, revision };
}
