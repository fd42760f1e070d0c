/** @module From the answers of a metrics provider to the signals of a health snapshot. */

import { sha256Hex } from "../base/digest.ts";
import type { HealthSnapshot, Signal } from "../decision/request.ts";
import { Answers } from "./answers.ts";
import {
  type Labels,
  type Mapping,
  type Population,
  placesOf,
  type SignalEntry,
} from "./mapping.ts";
import { SignalReader } from "./signal-reader.ts";

export interface SnapshotContext {
  /** The one reading of the clock: what ages are counted from. */
  readonly nowMs: number;
  /** The service of every signal whose entry names none. */
  readonly service: string;
}

/** A health snapshot that always says when it was made. */
export type SourcedSnapshot = HealthSnapshot & { readonly collected_at_ms: number };

/**
 * Reads every signal of `mapping` from `answers` (an object: name of the answer to what the
 * provider said). Never throws for what the answers hold: a signal that cannot be read has a status
 * other than `ok`, a note that says why, and neither a value nor counts.
 */
export function createSnapshot(
  mapping: Mapping,
  answers: unknown,
  context: SnapshotContext,
): SourcedSnapshot {
  const read = new Answers(answers);
  const signals = mapping.signals.flatMap((entry) =>
    Object.entries(entry.populations).map(([population, labels]) =>
      createSignal(mapping, entry, { population: population as Population, labels }, read, context),
    ),
  );
  return { collected_at_ms: context.nowMs, signals };
}

function createSignal(
  mapping: Mapping,
  entry: SignalEntry,
  one: { readonly population: Population; readonly labels: Labels },
  answers: Answers,
  context: SnapshotContext,
): Signal {
  const service = entry.service ?? context.service;
  const { id, sli, unit, direction, critical, quantile } = entry;
  const reader = new SignalReader({
    answers,
    labels: one.labels,
    service,
    nowMs: context.nowMs,
    maxAgeS: mapping.max_age_s,
  });
  const step = entry.series && mapping.answers[entry.series.answer]?.range?.step_s;
  return {
    id,
    sli,
    service,
    population: one.population,
    ...(unit !== undefined && { unit }),
    ...(direction !== undefined && { direction }),
    ...(critical !== undefined && { critical }),
    ...(quantile !== undefined && { quantile }),
    ...(step !== undefined && { step_s: step }),
    ...reader.read(entry),
    source: { provider: mapping.provider, query_sha256: hashQueries(mapping, entry) },
  };
}

/** SHA-256 of the queries a signal rests on as the mapping has them, one a line, each once. */
function hashQueries(mapping: Mapping, entry: SignalEntry): string {
  const names = new Set(placesOf(entry).map(({ place }) => place.answer));
  return sha256Hex([...names].map((name) => mapping.answers[name]?.query).join("\n"));
}
