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
  return `${id}\n${service}\n${population}`;
}
