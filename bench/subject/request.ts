/** @module Requests of about any size: what the benchmarks ask. */

/** What one signal, its twin and what is derived of them take of the normalised input. */
const signalBytes = 730;
/** What the rest of it takes. */
const restBytes = 700;

/** Signals of the candidate in a request whose normalised input takes about `inputBytes`. */
export function signalCountOf(inputBytes: number): number {
  return Math.max(1, Math.round((inputBytes - restBytes) / signalBytes));
}

/** A healthy release, as compact JSON: each signal of the candidate with counts, a window, a twin. */
export function createRequest(inputBytes: number): string {
  const ids = Array.from({ length: signalCountOf(inputBytes) }, (_, at) => `signal-${String(at)}`);
  const signals = ids.flatMap((id, at) =>
    (["candidate", "stable"] as const).map((population) => ({
      id,
      sli: "availability",
      population,
      bad: 3 + (at % 5),
      total: 9_000 + at,
      windows: [{ window_s: 300, bad: 1 + (at % 3), total: 900 + at }],
      age_s: 12,
    })),
  );
  return JSON.stringify({
    release: {
      service: "checkout",
      env: "production",
      candidate: { version: "2.4.0" },
      stable: { version: "2.3.9" },
    },
    health: {
      signals,
      slos: [{ id: "availability", signal: ids[0], objective_ratio: 0.99 }],
    },
  });
}
