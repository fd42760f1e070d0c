/**
 * @module The engine in force: what the production channel points at, opened. Moves are made one
 * after the other, so that the engine in force is always that of the last move on record. Other
 * places that decide follow: all of them are ready before a move is on record, and all have moved
 * before it is answered.
 */

import type { Bundle } from "../bundle/bundle.ts";
import type { Caller } from "../log/entry.ts";
import type { Belay, ChannelState } from "./belay.ts";
import { loadPrevious, moveChannel, productionChannel } from "./channel.ts";
import type { Engine } from "./engine.ts";
import type { EnginePool } from "./engine-pool.ts";
import type { Recording } from "./leaf-maker.ts";
import { keepBundle } from "./publish.ts";

export interface Start {
  /** Used where the production channel points nowhere yet. */
  readonly fallback: Bundle;
  /** Put in force whatever the channel says: what the operator named at start. */
  readonly chosen?: Bundle;
}

/**
 * One more place that decides, such as a thread. One that is gone resolves whatever it is asked:
 * nothing is decided there any more.
 */
export interface Follower {
  /** Makes `revision` ready to decide with. Where that is refused, nothing moves. */
  prepare(revision: string): Promise<void>;
  /** Begins every decision with `revision`, the one prepared last, from the answer on. */
  follow(revision: string): Promise<void>;
}

/** Moves any channel; the engine is ready before the move is on record, and in force after it. */
export interface Production extends Pick<Belay, "promote" | "revert"> {
  engineInForce(): Engine;
  /** Resolves when `follower` has the revision in force; from then on it moves along. */
  admit(follower: Follower): Promise<void>;
  dismiss(follower: Follower): Promise<void>;
}

/** @throws BelayError `bundle-invalid` where the bundle in force cannot be used */
export async function startProduction(
  deps: Recording,
  engines: EnginePool,
  start: Start,
): Promise<Production> {
  let inForce = await openAtStart(deps, engines, start);
  let lastMove: Promise<unknown> = Promise.resolve();
  const followers = new Set<Follower>();

  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = lastMove.then(action);
    lastMove = result.catch(() => undefined);
    return result;
  }

  async function move(
    channel: string,
    revision: string,
    caller: Caller,
    expected?: string,
  ): Promise<ChannelState> {
    const engine = await engines.loadEngine(revision);
    if (channel !== productionChannel) {
      return moveChannel(deps, channel, revision, caller, expected);
    }
    await Promise.all([...followers].map((follower) => follower.prepare(revision)));
    const state = await moveChannel(deps, channel, revision, caller, expected);
    inForce = engine;
    await Promise.all([...followers].map((follower) => follower.follow(revision)));
    return state;
  }

  async function admit(follower: Follower): Promise<void> {
    const { revision } = inForce.bundle;
    await follower.prepare(revision);
    await follower.follow(revision);
    followers.add(follower);
  }

  return {
    engineInForce: () => inForce,
    promote: (...target) => inTurn(() => move(...target)),
    revert: (channel, caller) =>
      inTurn(async () => move(channel, await loadPrevious(deps.store, channel), caller)),
    admit: (follower) => inTurn(() => admit(follower)),
    dismiss: (follower) => inTurn(async () => void followers.delete(follower)),
  };
}

async function openAtStart(deps: Recording, engines: EnginePool, start: Start): Promise<Engine> {
  const caller = { subject: "belay serve", auth: "start" };
  const current = await deps.store.findChannel(productionChannel);
  if (start.chosen === undefined && current !== undefined) return engines.loadEngine(current);
  const bundle = start.chosen ?? start.fallback;
  await keepBundle(deps, bundle, caller);
  const engine = await engines.loadEngine(bundle.revision);
  await moveChannel(deps, productionChannel, bundle.revision, caller);
  return engine;
}
