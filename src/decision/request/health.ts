/** @module `health`: the health evidence of one moment. */

import { z } from "@hono/zod-openapi";
import {
  count,
  durationS,
  epochMs,
  id,
  json,
  optional,
  ratio,
  sha256,
  text,
  url,
} from "./field.ts";
import { judgeSchema } from "./judge.ts";

export const signalsMax = 2_000;

const windowSchema = z
  .strictObject({ window_s: durationS.min(1), bad: count, total: count })
  .openapi("SignalWindow", {
    description: "Events of the last `window_s` seconds, and how many of them were bad.",
    example: { window_s: 300, bad: 12, total: 1_000 },
  });

const seriesPointSchema = z.strictObject({ t_ms: epochMs, v: z.number().nullable() });

export const signalStatusSchema = z.enum(["ok", "no_data", "nan", "stale", "partial", "error"]);

const sourceSchema = z.strictObject({
  provider: id,
  query_sha256: optional(sha256),
  url: optional(url),
});

export const signalSchema = z
  .strictObject({
    id,
    sli: z.enum([
      "availability",
      "latency",
      "saturation",
      "throughput",
      "correctness",
      "freshness",
      "business",
      "synthetic",
      "log_class",
    ]),
    service: optional(id).openapi({ description: "Defaults to `release.service`." }),
    population: z.enum(["candidate", "baseline", "stable", "fleet"]).default("candidate").openapi({
      description: "Whom it was measured on; `baseline` is a control beside the candidate.",
    }),
    unit: optional(z.enum(["ratio", "ms", "s", "rps", "count", "bytes"])),
    direction: optional(z.enum(["lower_better", "higher_better"])),
    status: optional(signalStatusSchema).openapi({
      description:
        "Whether it can be judged. Defaults to `ok` with a value, counts, windows or a series, else to `no_data`.",
    }),
    value: optional(z.number().nullable()),
    n: optional(count).openapi({ description: "Sample size behind `value`." }),
    bad: optional(count).openapi({ description: "Bad events; at most `total`." }),
    total: optional(count),
    quantile: optional(ratio),
    windows: optional(z.array(windowSchema).max(20)),
    series: optional(z.array(seriesPointSchema).max(1_000)),
    age_s: optional(durationS).openapi({ description: "Age of the newest sample, seconds." }),
    step_s: optional(durationS),
    limit: optional(z.number()).openapi({
      description:
        "What `value` must not pass, in its unit: from above with `lower_better` (also where no direction is said), from below with `higher_better`.",
    }),
    critical: optional(z.boolean()).openapi({
      description: "Whether this signal alone may call for a rollback.",
    }),
    source: optional(sourceSchema),
    note: optional(text).openapi({
      description: "Why the status is not `ok`, or what was changed on the way, such as rounding.",
    }),
  })
  .openapi("Signal", {
    description:
      "One measured health indicator of one service and population. What is not known is told by `status`, never by a magic number.",
    example: { id: "errors", sli: "availability", bad: 12, total: 1_000 },
  });

export const sloSchema = z
  .strictObject({
    id,
    signal: id.openapi({ description: "`id` of the signal it is about." }),
    objective_ratio: ratio.openapi({ description: "Part of events that must be good: 0.999." }),
    period_s: optional(durationS),
    budget_remaining_ratio: optional(z.number().min(-1e6).max(1)).openapi({
      description: "Part of the error budget that is left; negative when it is overspent.",
    }),
  })
  .openapi("Slo", {
    description: "An objective for a signal that has windows.",
    example: { id: "availability", signal: "errors", objective_ratio: 0.999 },
  });

const alertSchema = z
  .strictObject({
    fingerprint: optional(id),
    name: id,
    severity: optional(id),
    starts_at_ms: optional(epochMs),
  })
  .openapi("Alert", { description: "An alert that fires now.", example: { name: "HighLatency" } });

const mappingSchema = z
  .strictObject({ name: id, answers: z.record(z.string(), json) })
  .openapi("SignalMapping", {
    description:
      "Instead of `signals`: answers of a metrics provider, and the mapping of the bundle that reads them.",
    example: { name: "prometheus-http", answers: {} },
  });

export const healthSchema = z
  .strictObject({
    snapshot_id: optional(id),
    collected_at_ms: optional(epochMs),
    signals: z.array(signalSchema).max(signalsMax).default([]),
    slos: optional(z.array(sloSchema).max(500)),
    alerts: optional(z.array(alertSchema).max(1_000)),
    judge: optional(judgeSchema),
    mapping: optional(mappingSchema),
  })
  .openapi("HealthSnapshot", {
    description: "The health evidence of one moment.",
    example: {
      signals: [{ id: "errors", sli: "availability", bad: 12, total: 1_000 }],
    },
  });
