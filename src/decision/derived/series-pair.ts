/** @module Two series as two samples: the values of the time that both were watched. */

import { indexCounterparts } from "../counterpart.ts";
import type { DecisionRequest, Signal } from "../request.ts";
import type { SamplePair } from "./mann-whitney.ts";

/** The values of both series within the time that both cover. */
export interface AlignedPair extends SamplePair {
  /** The time that both cover, epoch ms. */
  readonly from_ms: number;
  readonly to_ms: number;
}

export type SeriesSignal = Signal & { readonly series: NonNullable<Signal["series"]> };

/** A candidate signal and the one beside it. */
export interface SeriesMatch {
  readonly candidate: SeriesSignal;
  readonly population: "baseline" | "stable";
  readonly pair: AlignedPair;
}

/** Beyond this a value says no more than that it is huge; sums and differences stay finite. */
const magnitudeMax = 1e100;

/**
 * The signals of the candidate that have a series, each with its counterpart of the population
 * `baseline`, else `stable`, of the same id and service: both of status `ok`, with values in the
 * time that both cover. In the order of the signals.
 */
export function matchSeries(request: DecisionRequest): SeriesMatch[] {
  const withSeries = request.health.signals.filter(hasSeries);
  if (withSeries.length < 2) return [];
  const counterpartsOf = indexCounterparts(withSeries);
  const exposedSinceMs = request.release.exposed_since_ms ?? -Infinity;
  return withSeries.flatMap((candidate) => {
    if (candidate.population !== "candidate") return [];
    for (const { population, signal } of counterpartsOf(candidate.id, candidate.service)) {
      const pair = alignSeries(candidate.series, signal.series, exposedSinceMs);
      const { length } = pair.candidate;
      if (length > 0 && pair.baseline.length > 0) return [{ candidate, population, pair }];
    }
    return [];
  });
}

function hasSeries(signal: Signal): signal is SeriesSignal {
  return signal.status === "ok" && signal.series !== undefined && signal.series.length > 0;
}

/**
 * Values in ascending order, none where a side has none in the time that both cover. What was before
 * the candidate was exposed is not its doing. A null is left out, or taken for `nullAs`.
 */
export function alignSeries(
  candidate: SeriesSignal["series"],
  baseline: SeriesSignal["series"],
  exposedSinceMs: number,
  nullAs?: number,
): AlignedPair {
  const [one, other] = [spanOf(candidate), spanOf(baseline)];
  const from_ms = Math.max(one.from_ms, other.from_ms, exposedSinceMs);
  const to_ms = Math.min(one.to_ms, other.to_ms);
  const within = (series: SeriesSignal["series"]): number[] =>
    series
      .filter(({ t_ms }) => t_ms >= from_ms && t_ms <= to_ms)
      .flatMap(({ v }) => v ?? nullAs ?? [])
      .map((v) => Math.max(-magnitudeMax, Math.min(magnitudeMax, v)))
      .toSorted((a, b) => a - b);
  return { candidate: within(candidate), baseline: within(baseline), from_ms, to_ms };
}

function spanOf(series: SeriesSignal["series"]) {
  let from_ms = Infinity;
  let to_ms = -Infinity;
  for (const { t_ms } of series) {
    from_ms = Math.min(from_ms, t_ms);
    to_ms = Math.max(to_ms, t_ms);
  }
  return { from_ms, to_ms };
}

/** The arithmetic mean; `values` must not be empty. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Mean of the candidate over mean of the baseline, at most 1e300; null where either is 0 or below,
 * for then a ratio says nothing about more and less.
 */
export function deriveMeanRatio({ candidate, baseline }: SamplePair): number | null {
  const [over, under] = [meanOf(candidate), meanOf(baseline)];
  return over > 0 && under > 0 ? Math.min(1e300, over / under) : null;
}
