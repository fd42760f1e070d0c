/** @module What a signal of the candidate is held against: the same signal of another population. */

import type { Signal } from "./request.ts";
import { signalIdentity } from "./signal-identity.ts";

export interface Counterpart<S> {
  readonly population: "baseline" | "stable";
  readonly signal: S;
}

/** A control beside the candidate is as young and gets the same traffic, so it comes first. */
const populations = ["baseline", "stable"] as const;

/**
 * Finds the counterparts of a signal, by its id and service, among `usable`: those that can be
 * compared at all. At most two, the better one first.
 */
export function indexCounterparts<S extends Signal>(
  usable: readonly S[],
): (id: string, service: string) => Counterpart<S>[] {
  const byIdentity = new Map(
    usable.map((signal) => [signalIdentity(signal.id, signal.service, signal.population), signal]),
  );
  return (id, service) =>
    populations.flatMap((population) => {
      const signal = byIdentity.get(signalIdentity(id, service, population));
      return signal === undefined ? [] : [{ population, signal }];
    });
}
