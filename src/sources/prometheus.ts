/**
 * @module Answers of the Prometheus HTTP API: `/api/v1/query` and `/api/v1/query_range`
 * (https://prometheus.io/docs/prometheus/latest/querying/api/). Values are text there, because JSON
 * has no NaN and no infinities; times are seconds with a fraction.
 */

import { z } from "@hono/zod-openapi";
import type { JsonObject, JsonValue } from "../base/json.ts";

export const resultTypes = ["vector", "matrix", "scalar", "string"] as const;

export type PrometheusAnswer =
  | {
      readonly ok: true;
      readonly resultType: (typeof resultTypes)[number];
      /** The whole answer as it came, for a JSONPath to walk. Nothing below `data` is checked. */
      readonly document: JsonObject;
      /** Why the result may be incomplete. */
      readonly warnings: readonly string[];
    }
  /** What Prometheus said of a query that failed, or why this is no answer of Prometheus. */
  | { readonly ok: false; readonly message: string };

const failure = z.object({ errorType: z.string(), error: z.string() });
// `infos` are advice on the wording of a query and say nothing of the data: they are not read.
const success = z.object({
  data: z.object({ resultType: z.enum(resultTypes), result: z.array(z.unknown()) }),
  warnings: z.array(z.string()).nullish(),
});

/** Reads the envelope of an answer. Never throws; an answer with `status: "error"` is not `ok`. */
export function readPrometheusAnswer(raw: unknown): PrometheusAnswer {
  if (!isObject(raw)) return { ok: false, message: "is not an answer of the Prometheus API" };
  if (raw["status"] === "error") {
    const failed = failure.safeParse(raw);
    const message = failed.success
      ? `failed: ${failed.data.errorType}: ${failed.data.error}`
      : "failed";
    return { ok: false, message };
  }
  const answer = success.safeParse(raw);
  if (raw["status"] !== "success" || !answer.success) {
    return { ok: false, message: "is not an answer of the Prometheus API" };
  }
  const { data, warnings } = answer.data;
  return { ok: true, resultType: data.resultType, document: raw, warnings: warnings ?? [] };
}

/** One point of a series. `value` may be NaN or infinite: that is what Prometheus said. */
export interface PrometheusSample {
  /** Seconds since 1970-01-01T00:00Z, between the years 2000 and 2100. */
  readonly timeS: number;
  readonly value: number;
}

export interface PrometheusSeries {
  /** Absent for a scalar, which has none. */
  readonly labels?: JsonObject;
  /** `instant`: exactly one sample, of the moment of the query. */
  readonly form: "instant" | "range";
  readonly samples: readonly PrometheusSample[];
}

/**
 * Reads a node that a path has found: an element of a vector or matrix, or a `[time, "value"]`
 * pair. Undefined for anything else, native histograms included.
 */
export function readSeries(node: JsonValue): PrometheusSeries | undefined {
  if (!isObject(node)) {
    const sample = readSample(node);
    return sample && { form: "instant", samples: [sample] };
  }
  const { metric, value, values, histogram, histograms } = node;
  if (!isObject(metric) || histogram !== undefined || histograms !== undefined) return undefined;
  if (value !== undefined && values === undefined) {
    const sample = readSample(value);
    return sample && { labels: metric, form: "instant", samples: [sample] };
  }
  if (value !== undefined || !Array.isArray(values)) return undefined;
  const samples: PrometheusSample[] = [];
  for (const pair of values as readonly JsonValue[]) {
    const sample = readSample(pair);
    if (sample === undefined || sample.timeS <= (samples.at(-1)?.timeS ?? 0)) return undefined;
    samples.push(sample);
  }
  return { labels: metric, form: "range", samples };
}

/** 2000-01-01 and 2100-01-01, as for every time Belay takes. */
export const earliestS = 946_684_800;
export const latestS = 4_102_444_800;

function readSample(pair: JsonValue): PrometheusSample | undefined {
  if (!Array.isArray(pair) || pair.length !== 2) return undefined;
  const [timeS, text] = pair as readonly JsonValue[];
  if (typeof timeS !== "number" || typeof text !== "string") return undefined;
  if (!(timeS >= earliestS && timeS <= latestS)) return undefined;
  const value = readNumber(text);
  return value === undefined ? undefined : { timeS, value };
}

/** Longest text of a double without an exponent, sign and point included: 5e-324. */
const numberCharactersMax = 1_100;
const decimal = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const special = new Map([
  ["NaN", Number.NaN],
  ["Inf", Number.POSITIVE_INFINITY],
  ["+Inf", Number.POSITIVE_INFINITY],
  ["-Inf", Number.NEGATIVE_INFINITY],
]);

/** The number a sample's text stands for; undefined where it is none (`""`, `0x10`, `1_000`). */
function readNumber(text: string): number | undefined {
  if (text.length > numberCharactersMax) return undefined;
  return special.get(text) ?? (decimal.test(text) ? Number(text) : undefined);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
