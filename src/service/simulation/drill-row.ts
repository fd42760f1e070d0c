/** @module What came of a drill: a row for each thing that happened, and what was wanted otherwise. */

import type { Decision } from "../../decision/decision.ts";
import type { EventKind } from "./drill.ts";

/** A signal as one question showed it. */
export interface DrawnSignal {
  readonly signal: string;
  readonly service: string;
  readonly population: string;
  /** Ratio of bad events, or the value; absent where it cannot be read. */
  readonly shown?: number;
}

export interface DrillRow {
  /** Seconds from the start. */
  readonly at_s: number;
  readonly kind: EventKind | "end";
  /** Name of the release in the drill. */
  readonly release: string;
  readonly service: string;
  /** What happened, in a few words. */
  readonly event: string;
  /** Of the event in the drill's file. */
  readonly row: number;
  readonly verdict?: Decision["verdict"];
  /** Of the decision, or of the error it was refused with. */
  readonly code?: string;
  readonly level?: string;
  /** Of a verification. */
  readonly outcome?: string;
  /** Of the plan, where it was touched. */
  readonly state?: string;
  readonly summary: string;
  /** Steps that may start now. */
  readonly next: readonly string[];
  readonly signals: readonly DrawnSignal[];
  readonly step?: { readonly id: string; readonly state: string };
  readonly isWanted: boolean;
  /** `what: want …, got …`; empty where all is as wanted. */
  readonly differences: readonly string[];
}

export interface DrillResult {
  readonly file: string;
  readonly description: string;
  readonly rows: readonly DrillRow[];
  /** Rows that were wanted, and came so. */
  readonly as_wanted: number;
  /** Rows that came otherwise, or failed though nobody wanted that. */
  readonly not_as_wanted: number;
}
