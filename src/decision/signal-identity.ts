/** @module What makes two signals the same one. */

import type { Signal } from "./request.ts";

/**
 * One text for each combination of id, service and population. Ids and populations have no line
 * breaks, so that the three cannot run into each other.
 */
export function signalIdentity(
  id: string,
  service: string,
  population: Signal["population"],
): string {
  return `${signalOfService(id, service)}\n${population}`;
}

/** The same for a signal whatever its population. */
export function signalOfService(id: string, service: string): string {
  return `${id}\n${service}`;
}

/** Whether it was measured on what is released: the candidate alone, or within the fleet. */
export function isOfRelease({ population }: Pick<Signal, "population">): boolean {
  return population === "candidate" || population === "fleet";
}
