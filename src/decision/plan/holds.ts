/**
 * @module Where the plan stops for a human: right before what may hurt, and never while a state is
 * bad. What comes before a hold can be done without anybody.
 */

import { withoutImplied } from "./dependency.ts";
import type { BadState } from "./hazards.ts";
import type { SequencedStep } from "./sequence.ts";
import { draftStep, type StepDraft } from "./step-draft.ts";

export interface PlacedStep {
  readonly draft: StepDraft;
  /** Places in the list of placed steps. */
  readonly after: readonly number[];
}

export interface Placed {
  readonly steps: readonly PlacedStep[];
  /** By place in the sequence: place among the placed steps. */
  readonly placeOf: readonly number[];
}

export interface HoldInput {
  /** The release's own service: it is asked about where the whole plan waits. */
  readonly service: string;
  readonly steps: readonly SequencedStep[];
  readonly badStates: readonly BadState[];
  /** What a human has to agree to before anything starts. */
  readonly beforeAll: readonly string[];
}

interface Hold {
  readonly asks: string[];
  /** Places in the sequence of what waits for it. */
  readonly guarded: Set<number>;
}

/** The steps with holds among them. What a human has agreed to once is not asked again. */
export function placeHolds(input: HoldInput): Placed {
  const holds = collectHolds(input);
  const steps: PlacedStep[] = [];
  const placeOf: number[] = [];
  const waits = new Map<number, number[]>();
  for (const [place, { draft, after }] of input.steps.entries()) {
    // A hold waits for whatever its step waits for, earlier holds included.
    const before = [...after.flatMap((one) => placeOf[one] ?? []), ...(waits.get(place) ?? [])];
    const hold = holds.get(place);
    if (hold !== undefined) {
      const isForAll = place === 0 && input.beforeAll.length > 0;
      const service = isForAll ? input.service : draft.service;
      for (const one of hold.guarded) waits.set(one, [...(waits.get(one) ?? []), steps.length]);
      const precondition = hold.asks;
      steps.push({ draft: draftStep("hold", service, { precondition }), after: before });
    }
    placeOf.push(steps.length);
    steps.push({ draft, after: [...before, ...(waits.get(place) ?? [])] });
  }
  const after = withoutImplied(steps.map((step) => step.after));
  return {
    steps: steps.map(({ draft }, place) => ({ draft, after: after[place] ?? [] })),
    placeOf,
  };
}

interface Ask {
  readonly line: string;
  /** Where the hold would stand. */
  readonly at: number;
  /** What has to wait for it. */
  readonly guarded: number;
}

/** By place of the step they stand before. */
function collectHolds({ steps, badStates, beforeAll }: HoldInput): Map<number, Hold> {
  const roots = steps.flatMap(({ after }, place) => (after.length === 0 ? [place] : []));
  const startOf = (place: number) => steps[place]?.start ?? place;
  const spans = mergeSpans(badStates, steps.length);
  const asks: Ask[] = [
    ...beforeAll.flatMap((line) => roots.map((guarded) => ({ line, at: 0, guarded }))),
    ...[
      ...steps.flatMap(({ asks: lines = [], start }) => lines.map((line) => ({ line, start }))),
      ...badStates.map(({ why, from }) => ({ line: why, start: startOf(from) })),
    ]
      .map(({ line, start }) => ({ line, at: findCalm(start, spans, startOf), guarded: start }))
      .sort((one, other) => one.at - other.at),
  ];
  const holds = new Map<number, Hold>();
  const askedAt = new Map<string, number>();
  for (const { line, at, guarded } of asks) {
    const known = askedAt.get(line);
    const hold = holds.get(known ?? at) ?? { asks: [], guarded: new Set() };
    holds.set(known ?? at, hold);
    hold.guarded.add(guarded);
    if (known === undefined) {
      hold.asks.push(line);
      askedAt.set(line, at);
    }
  }
  return holds;
}

interface Span {
  readonly from: number;
  until: number;
}

/** Bad states that run into each other, as one. They come in the order in which they begin. */
function mergeSpans(badStates: readonly BadState[], end: number): Span[] {
  const spans: Span[] = [];
  for (const { from, until = end } of badStates) {
    const last = spans.at(-1);
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until);
    else spans.push({ from, until });
  }
  return spans;
}

/** The last place, not after `place`, at which a human may take time: no state before it is bad. */
function findCalm(
  place: number,
  spans: readonly Span[],
  startOf: (place: number) => number,
): number {
  const span = spans.find(({ from, until }) => from < place && place <= until);
  return span === undefined ? place : findCalm(startOf(span.from), spans, startOf);
}
