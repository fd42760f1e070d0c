/** @module What the signals of a request show, as far as a drawing needs it. */

import type { JsonObject, JsonValue } from "../../base/json.ts";
import type { DrawnSignal } from "./drill-row.ts";
import { isObject, listOf, objectOf, textOf } from "./loose-json.ts";

/** Of a request as it was asked: what is no signal is passed over. */
export function listDrawnSignals(request: JsonObject): readonly DrawnSignal[] {
  const own = objectOf(request["release"])["service"];
  const signals = listOf(objectOf(request["health"])["signals"]);
  return signals.filter(isObject).map((signal) => {
    const shown = readShown(signal);
    return {
      signal: textOf(signal["id"]),
      service: textOf(signal["service"], own),
      population: textOf(signal["population"], "candidate"),
      ...(shown === undefined ? {} : { shown }),
    };
  });
}

function readShown({ bad, total, value, windows }: JsonObject): number | undefined {
  if (typeof value === "number") return value;
  const counts = isCounts({ bad, total }) ? { bad, total } : firstWindow(windows);
  return isCounts(counts) && counts.total > 0 ? counts.bad / counts.total : undefined;
}

function firstWindow(windows: JsonValue | undefined): JsonValue | undefined {
  return listOf(windows)[0];
}

function isCounts(counts: unknown): counts is { readonly bad: number; readonly total: number } {
  const { bad, total } = (counts ?? {}) as { readonly bad?: unknown; readonly total?: unknown };
  return typeof bad === "number" && typeof total === "number";
}
