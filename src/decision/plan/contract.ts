/**
 * @module Contracts between services while some are back and others are not.
 *
 * `compat` of an edge tells which versions of the two ends go together, where both were released:
 * `backward`: the new called version still serves old callers; `forward`: the old called version can
 * serve new callers; `both`; or `none`. Absent: nobody said, and nothing is held against it.
 */

import type { DecisionRequest } from "../request.ts";

export type Edge = NonNullable<NonNullable<DecisionRequest["topology"]>["edges"]>[number];

/** What an edge tolerates; data outlives whoever wrote it, and so goes with `both` or not at all. */
export function toleranceOf({ kind, compat }: Edge): Edge["compat"] {
  return kind === "data" && compat !== undefined && compat !== "both" ? "none" : compat;
}

/** `unchanged`: a service that was not released, and so was there before and after. */
export type Side = "old" | "new" | "unchanged";

/**
 * Whether the contract of `edge` breaks while its ends are at these sides. One end that was not
 * released worked with the old version before; only `none` says that it no longer does.
 */
export function breaksContract(edge: Edge, caller: Side, called: Side): boolean {
  if (caller === "unchanged" || called === "unchanged") {
    return edge.compat === "none" && (caller === "old" || called === "old");
  }
  if (caller === called) return false;
  const compat = toleranceOf(edge);
  if (compat === "none") return true;
  return compat === (caller === "old" ? "forward" : "backward");
}

/** Which end has to go back first for the contract to hold all the way; undefined: either may. */
export function findFirstToGoBack(edge: Edge): string | undefined {
  const compat = toleranceOf(edge);
  if (compat === "backward") return edge.from;
  return compat === "forward" ? edge.to : undefined;
}
