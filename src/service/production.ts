/**
 * @module The engine in force: what the production channel points at, opened. Moves are made one
 * after the other, so that the engine in force is always that of the last move on record.
 */

import type { Bundle } from "../bundle/bundle.ts";
import type { Caller } from "../log/entry.ts";
import type { Belay, ChannelState } from "./belay.ts";
import {
  type ChannelDependencies,
  loadPrevious,
  moveChannel,
  productionChannel,
} from "./channel.ts";
import type { Engine } from "./engine.ts";
import type { EnginePool } from "./engine-pool.ts";
import { keepBundle } from "./publish.ts";

export interface Start {
  /** Used where the production channel points nowhere yet. */
  readonly fallback: Bundle;
  /** Put in force whatever the channel says: what the operator named at start. */
  readonly chosen?: Bundle;
}

/** Moves any channel; the engine is ready before the move is on record, and in force after it. */
export interface Production extends Pick<Belay, "promote" | "revert"> {
  engineInForce(): Engine;
}

/** @throws BelayError `bundle-invalid` where the bundle in force cannot be used */
export async function startProduction(
  deps: ChannelDependencies,
  engines: EnginePool,
  start: Start,
): Promise<Production> {
  let inForce = await openAtStart(deps, engines, start);
  let lastMove: Promise<unknown> = Promise.resolve();

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
    const state = await moveChannel(deps, channel, revision, caller, expected);
    if (channel === productionChannel) inForce = engine;
    return state;
  }

  return {
    engineInForce: () => inForce,
    promote: (...target) => inTurn(() => move(...target)),
    revert: (channel, caller) =>
      inTurn(async () => move(channel, await loadPrevious(deps.store, channel), caller)),
  };
}

async function openAtStart(
  deps: ChannelDependencies,
  engines: EnginePool,
  start: Start,
): Promise<Engine> {
  const caller = { subject: "belay serve", auth: "start" };
  const current = await deps.store.findChannel(productionChannel);
  if (start.chosen === undefined && current !== undefined) return engines.loadEngine(current);
  const bundle = start.chosen ?? start.fallback;
  await keepBundle(deps, bundle, caller);
  const engine = await engines.loadEngine(bundle.revision);
  await moveChannel(deps, productionChannel, bundle.revision, caller);
  return engine;
}
