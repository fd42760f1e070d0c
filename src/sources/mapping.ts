/**
 * @module A signal mapping: which questions to ask a metrics provider, and where in its answers each
 * signal lies. One YAML document of a pack, `mappings/NAME.yaml`; the format is explained in
 * docs/signal-mappings.md.
 */

import { z } from "@hono/zod-openapi";
import type { Diagnostic } from "../base/diagnostic.ts";
import { parseYamlDocument } from "../base/yaml-document.ts";
import { id } from "../decision/request/field.ts";
import { signalSchema } from "../decision/request/health.ts";
import { parseJsonPath } from "./json-path.ts";

/** Places of answers that one mapping reads, over all signals and populations. */
const readingsMax = 400;
/** At this length the worst YAML there is takes the parser about a second. */
const textCharactersMax = 64 * 1024;
/** What one signal of a snapshot may hold. */
export const seriesPointsMax = 1_000;
/** Stands for the service of the signal, in labels and in queries. */
export const servicePlaceholder = "$service";

/**
 * `z.record` leaves out a member named `__proto__` without a word. A label that is left out would
 * match more series than its author wrote, so that name is refused before.
 */
function refuseProto<T extends z.ZodType>(record: T) {
  return z
    .unknown()
    .refine((raw) => !(raw instanceof Object && Object.hasOwn(raw, "__proto__")), {
      error: "`__proto__` is not a name",
    })
    .pipe(record);
}

const labelName = z.string().regex(/^[a-zA-Z_]\w{0,99}$/, "is not a label name");
const labels = refuseProto(z.record(labelName, z.string().max(1_000))).refine(
  (named) => Object.keys(named).length <= 20,
  { error: "at most 20 labels" },
);

const answerName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be lower case letters, digits and underscores");

const answer = z.strictObject({
  /** PromQL, as the provider is to be asked. */
  query: z.string().min(1).max(4_000),
  /** Ask `query_range` for the last `window_s` seconds; an instant query where absent. */
  range: z
    .strictObject({ window_s: z.number().positive(), step_s: z.number().positive() })
    .refine(({ window_s, step_s }) => window_s / step_s < seriesPointsMax, {
      error: `would give more than ${seriesPointsMax} points`,
      path: ["step_s"],
    })
    .optional(),
});

const jsonPath = z.string().transform((text, context) => {
  const parsed = parseJsonPath(text);
  if (parsed.ok) return parsed.path;
  context.addIssue({ code: "custom", message: parsed.message });
  return z.NEVER;
});

const placeShape = {
  answer: answerName,
  /** Where in the answer the series are; every series of the result where absent. */
  path: jsonPath.optional(),
  /** Labels a series must have, besides those of the population. */
  labels: labels.optional(),
};

/** A place may be written as the bare name of its answer. */
function orAnswerName<T extends z.ZodType>(place: T) {
  return z.preprocess((raw) => (typeof raw === "string" ? { answer: raw } : raw), place);
}

const seriesPlace = orAnswerName(z.strictObject(placeShape));
const numberPlace = orAnswerName(
  z.strictObject({
    ...placeShape,
    /** What to make of several series that match; without it they are an error. */
    combine: z.literal("sum").optional(),
  }),
);

const populations = refuseProto(
  z.partialRecord(signalSchema.shape.population.unwrap(), labels),
).refine((named) => Object.keys(named).length > 0, { error: "names no population" });

const fixed = signalSchema.shape;
const signal = z
  .strictObject({
    id,
    sli: fixed.sli,
    service: fixed.service,
    unit: fixed.unit,
    direction: fixed.direction,
    critical: fixed.critical,
    quantile: fixed.quantile,
    /** Gives one signal for each population, read from the series with the labels stated here. */
    populations: populations.default({ candidate: {} }),
    value: numberPlace.optional(),
    n: numberPlace.optional(),
    bad: numberPlace.optional(),
    total: numberPlace.optional(),
    windows: z
      .array(z.strictObject({ window_s: z.number().min(1), bad: numberPlace, total: numberPlace }))
      .min(1)
      .max(20)
      .optional(),
    series: seriesPlace.optional(),
    /** Time of the newest sample behind the signal, in seconds: `timestamp(…)` in PromQL. */
    sampled_at: numberPlace.optional(),
  })
  .superRefine((entry, context) => {
    if ((entry.bad === undefined) !== (entry.total === undefined)) {
      const missing = entry.bad === undefined ? "bad" : "total";
      context.addIssue({ code: "custom", message: `needs \`${missing}\` as well` });
    }
    if (!entry.value && !entry.bad && !entry.windows && !entry.series) {
      const message = "needs a `value`, `bad` and `total`, `windows` or a `series`";
      context.addIssue({ code: "custom", message });
    }
    const windows = entry.windows?.map((window) => window.window_s) ?? [];
    if (new Set(windows).size < windows.length) {
      context.addIssue({ code: "custom", path: ["windows"], message: "a window stands twice" });
    }
  });

const mappingSchema = z
  .strictObject({
    provider: z.literal("prometheus"),
    description: z.string().max(2_000).optional(),
    /** Samples older than this make a signal stale. */
    max_age_s: z.number().positive().max(86_400),
    answers: refuseProto(z.record(answerName, answer)),
    signals: z.array(signal).min(1).max(200),
  })
  .superRefine((mapping, context) => {
    checkIdentities(mapping.signals, context);
    checkReferences(mapping, context);
  });

export type Mapping = z.infer<typeof mappingSchema>;
export type SignalEntry = z.infer<typeof signal>;
export type Population = keyof SignalEntry["populations"];
export type Labels = z.infer<typeof labels>;
export type SeriesPlace = z.infer<typeof seriesPlace>;
export type NumberPlace = z.infer<typeof numberPlace>;

export type ParsedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses a mapping document.
 * @param file name of the document, for the diagnostics
 * @returns every problem with file, row and column; codes `yaml_error` and `schema_error`
 */
export function parseMapping(text: string, file: string): ParsedMapping {
  if (text.length > textCharactersMax) {
    const message = `a mapping has at most ${textCharactersMax} characters`;
    return { ok: false, diagnostics: [{ code: "schema_error", message, file, row: 0, col: 0 }] };
  }
  const parsed = parseYamlDocument({ path: file, text }, mappingSchema);
  return parsed.ok ? { ok: true, mapping: parsed.value } : parsed;
}

type Path = readonly (string | number)[];

/** Every place an entry reads, with its path in the entry. The order is a promise to readers. */
export function placesOf(entry: SignalEntry): { path: Path; place: NumberPlace }[] {
  const { value, bad, total, windows = [], series, n, sampled_at } = entry;
  const one = (name: string, place: NumberPlace | undefined) =>
    place === undefined ? [] : [{ path: [name], place }];
  return [
    ...one("value", value),
    ...one("bad", bad),
    ...one("total", total),
    ...windows.flatMap((window, index) => [
      { path: ["windows", index, "bad"], place: window.bad },
      { path: ["windows", index, "total"], place: window.total },
    ]),
    ...one("series", series),
    ...one("n", n),
    ...one("sampled_at", sampled_at),
  ];
}

function checkIdentities(entries: readonly SignalEntry[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    for (const population of Object.keys(entry.populations)) {
      const identity = JSON.stringify([entry.id, entry.service ?? servicePlaceholder, population]);
      if (seen.has(identity)) {
        const message = `\`${entry.id}\` of population ${population} stands twice`;
        context.addIssue({ code: "custom", path: ["signals", index, "id"], message });
      }
      seen.add(identity);
    }
  }
}

interface Referring {
  readonly answers: Readonly<Record<string, z.infer<typeof answer>>>;
  readonly signals: readonly SignalEntry[];
}

function checkReferences({ answers, signals }: Referring, context: z.RefinementCtx): void {
  let readings = 0;
  for (const [index, entry] of signals.entries()) {
    const taken = new Set(Object.values(entry.populations).flatMap((named) => Object.keys(named)));
    for (const { path, place } of placesOf(entry)) {
      readings += Object.keys(entry.populations).length;
      const at = ["signals", index, ...path];
      const message = checkAnswer(answers, place, path[0] === "series");
      if (message !== undefined) context.addIssue({ code: "custom", path: at, message });
      const double = Object.keys(place.labels ?? {}).find((name) => taken.has(name));
      if (double !== undefined) {
        const said = `label \`${double}\` is stated by the population`;
        context.addIssue({ code: "custom", path: [...at, "labels", double], message: said });
      }
    }
  }
  if (readings > readingsMax) {
    const message = `reads ${readings} places of the answers; at most ${readingsMax}`;
    context.addIssue({ code: "custom", path: ["signals"], message });
  }
}

function checkAnswer(answers: Referring["answers"], place: SeriesPlace, isSeries: boolean) {
  const name = `answer \`${place.answer}\``;
  const found = Object.hasOwn(answers, place.answer) ? answers[place.answer] : undefined;
  if (found === undefined) return `${name} is not described`;
  if (isSeries && found.range === undefined) return `${name} needs a \`range\` to give a series`;
  if (!isSeries && found.range !== undefined) {
    return `${name} has a \`range\`: it gives a series, not one number`;
  }
  return undefined;
}
