/** @module The answers a mapping asked for, and the series that one of its places finds in them. */

import type { JsonValue } from "../base/json.ts";
import { selectNodes } from "./json-path.ts";
import type { Labels, SeriesPlace } from "./mapping.ts";
import { cleanNote } from "./note.ts";
import { type PrometheusSeries, readPrometheusAnswer, readSeries } from "./prometheus.ts";

/** Series at one place. Each is looked at again for every signal that reads there. */
const seriesMax = 5_000;

/** Why a place gives nothing that may be judged. */
export interface Trouble {
  readonly status: "error" | "nan" | "no_data" | "stale" | "partial";
  /** One line that names the answer at fault. May hold text of the provider, cut and printable. */
  readonly note: string;
}

export type Selection =
  | {
      readonly ok: true;
      readonly series: readonly PrometheusSeries[];
      /** Why it may be incomplete, where the provider says so. */
      readonly partial?: Trouble;
    }
  | { readonly ok: false; readonly trouble: Trouble };

/** Answers by the names of the mapping. Each is read once, however many signals lie in it. */
export class Answers {
  readonly #raw: unknown;
  readonly #read = new Map<string, Selection>();

  /** @param raw an object of answers by name; anything else is an object without members */
  constructor(raw: unknown) {
    this.#raw = raw;
  }

  /** The series at `place` that carry all of `labels`. Never throws, whatever the answers are. */
  select(place: SeriesPlace, labels: Labels): Selection {
    const list = this.#readPlace(place);
    if (!list.ok) return list;
    const wanted = Object.entries(labels);
    if (wanted.length > 0 && list.series.some((series) => series.labels === undefined)) {
      return refuse("error", place, "has no labels to match");
    }
    const matching = list.series.filter(({ labels: found = {} }) =>
      wanted.every(([name, value]) => Object.hasOwn(found, name) && found[name] === value),
    );
    if (matching.length > 0) return { ...list, series: matching };
    return refuse("no_data", place, `has no series${describeLabels(labels)}`);
  }

  #readPlace(place: SeriesPlace): Selection {
    const key = JSON.stringify([place.answer, place.path ?? null]);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const list = readList(place, ownMember(this.#raw, place.answer));
    this.#read.set(key, list);
    return list;
  }
}

function readList(place: SeriesPlace, raw: unknown): Selection {
  if (raw === undefined) return refuse("error", place, "is missing");
  const answer = readPrometheusAnswer(raw);
  if (!answer.ok) return refuse("error", place, answer.message);
  if (answer.resultType === "string") return refuse("error", place, "is a text, not a number");
  const everySeries = answer.resultType === "scalar" ? "$.data.result" : "$.data.result[*]";
  const series: PrometheusSeries[] = [];
  const nodes = selectNodes(place.path ?? everySeries, answer.document);
  if (nodes.length > seriesMax) {
    return refuse(
      "error",
      place,
      `has ${nodes.length} series; at most ${seriesMax}: aggregate them`,
    );
  }
  for (const node of nodes) {
    const one = readSeries(node);
    if (one === undefined) {
      return refuse("error", place, `has ${showNode(node)} where a series is expected`);
    }
    series.push(one);
  }
  const { warnings } = answer;
  if (warnings.length === 0) return { ok: true, series };
  return {
    ok: true,
    series,
    partial: createTrouble("partial", place, `warns: ${warnings.join("; ")}`),
  };
}

function refuse(
  status: Trouble["status"],
  place: SeriesPlace,
  message: string,
): { readonly ok: false; readonly trouble: Trouble } {
  return { ok: false, trouble: createTrouble(status, place, message) };
}

export function createTrouble(
  status: Trouble["status"],
  place: SeriesPlace,
  message: string,
): Trouble {
  return { status, note: cleanNote(`answer \`${place.answer}\` ${message}`) };
}

function describeLabels(labels: Labels): string {
  const named = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return named.length === 0 ? "" : ` with ${named.join(", ")}`;
}

function showNode(node: JsonValue): string {
  if (typeof node !== "object" || node === null) return JSON.stringify(node);
  if (Array.isArray(node)) return "a list";
  return "histogram" in node || "histograms" in node ? "a native histogram" : "an object";
}

function ownMember(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
