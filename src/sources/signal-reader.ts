/** @module What one signal of one population is worth: its numbers, or why it has none. */

import type { Signal } from "../decision/request.ts";
import { type Answers, createTrouble, type Trouble } from "./answers.ts";
import {
  type Labels,
  type NumberPlace,
  type SeriesPlace,
  type SignalEntry,
  seriesPointsMax,
  servicePlaceholder,
} from "./mapping.ts";
import { joinNotes } from "./note.ts";
import { earliestS, latestS, type PrometheusSeries } from "./prometheus.ts";

/** A provider's clock may be ahead of ours by this much; beyond it, age means nothing. */
const aheadSMax = 60;
/** Of several troubles the first of these gives the status; every one is in the note. */
const worstFirst: readonly Trouble["status"][] = ["error", "nan", "no_data", "stale", "partial"];

/** The part of a signal that answers decide. `value` and counts stand with status `ok` only. */
export type Measurement = Pick<
  Signal,
  "status" | "value" | "n" | "bad" | "total" | "windows" | "series" | "age_s" | "note"
>;

export interface SignalReaderOptions {
  readonly answers: Answers;
  /** Labels of the population. */
  readonly labels: Labels;
  readonly service: string;
  readonly nowMs: number;
  /** Samples older than this are stale. */
  readonly maxAgeS: number;
}

interface Counts {
  readonly bad: number;
  readonly total: number;
}

/** Reads one signal; a reader is used once. */
export class SignalReader {
  readonly #options: SignalReaderOptions;
  readonly #troubles: Trouble[] = [];
  /** Counts that were not whole, as they came. */
  readonly #rounded = new Set<string>();
  /** What else was changed in the numbers of a signal that can be judged. */
  readonly #remarks: string[] = [];
  readonly #moments: { readonly place: SeriesPlace; readonly timeS: number }[] = [];

  constructor(options: SignalReaderOptions) {
    this.#options = options;
  }

  read(entry: SignalEntry): Measurement {
    const { bad, total, windows } = entry;
    const value = entry.value && this.#readNumber(entry.value);
    const n = entry.n && this.#readCount(entry.n);
    const counts = bad && total && this.#readCounts(bad, total);
    const counted = windows?.flatMap(({ window_s, ...places }) => {
      const found = this.#readCounts(places.bad, places.total);
      return found === undefined ? [] : [{ window_s, ...found }];
    });
    const series = entry.series && this.#readSeries(entry.series);
    if (entry.sampled_at) this.#readTime(entry.sampled_at);
    const age = this.#checkAge();
    if (this.#troubles.length > 0) return { ...this.#describeTroubles(), ...age };
    return {
      status: "ok",
      ...(value !== undefined && { value }),
      ...(n !== undefined && { n: n.whole }),
      ...counts,
      ...(counted !== undefined && { windows: counted }),
      ...(series !== undefined && { series }),
      ...age,
      ...this.#describeChanges(),
    };
  }

  #describeChanges(): Pick<Measurement, "note"> {
    const rounded =
      this.#rounded.size > 0 ? [`counts rounded: ${[...this.#rounded].join(", ")}`] : [];
    const remarks = [...rounded, ...this.#remarks];
    return remarks.length > 0 ? { note: joinNotes(remarks) } : {};
  }

  #describeTroubles(): Measurement {
    const status = worstFirst.find((worst) => this.#troubles.some((one) => one.status === worst));
    return { status: status ?? "error", note: joinNotes(this.#troubles.map((one) => one.note)) };
  }

  /** @param absent what it means that no series matches */
  #select(place: SeriesPlace, absent?: Trouble): readonly PrometheusSeries[] | undefined {
    const labels: Labels = {};
    for (const [name, value] of Object.entries({ ...this.#options.labels, ...place.labels })) {
      labels[name] = value === servicePlaceholder ? this.#options.service : value;
    }
    const selection = this.#options.answers.select(place, labels);
    if (!selection.ok) {
      const { trouble } = selection;
      this.#troubles.push(trouble.status === "no_data" ? (absent ?? trouble) : trouble);
      return undefined;
    }
    if (selection.partial !== undefined) this.#troubles.push(selection.partial);
    return selection.series;
  }

  #refuse(status: Trouble["status"], place: SeriesPlace, message: string): undefined {
    this.#troubles.push(createTrouble(status, place, message));
  }

  /** A finite number. */
  #readNumber(place: NumberPlace, absent?: Trouble): number | undefined {
    const list = this.#select(place, absent);
    if (list === undefined) return undefined;
    if (list.some((series) => series.form === "range")) {
      return this.#refuse("error", place, "gives a series, not one number");
    }
    if (list.length > 1 && place.combine === undefined) {
      const message = `has ${list.length} series that match: state more labels or \`combine: sum\``;
      return this.#refuse("error", place, message);
    }
    const samples = list.flatMap((series) => series.samples);
    for (const { timeS } of samples) this.#moments.push({ place, timeS });
    if (samples.some((sample) => Number.isNaN(sample.value))) {
      return this.#refuse("nan", place, "gives NaN");
    }
    const sum = samples.reduce((total, sample) => total + sample.value, 0);
    if (Number.isFinite(sum)) return sum;
    const infinite = samples.find((sample) => !Number.isFinite(sample.value))?.value ?? sum;
    return this.#refuse("error", place, `gives ${infinite > 0 ? "+Inf" : "-Inf"}`);
  }

  /** A count as it came and rounded: `increase()` extrapolates to the edges of its window. */
  #readCount(place: NumberPlace): { exact: number; whole: number } | undefined {
    const exact = this.#readNumber(place);
    if (exact === undefined) return undefined;
    if (exact < 0) return this.#refuse("error", place, `gives a negative count, ${exact}`);
    const whole = Math.round(exact);
    if (!Number.isSafeInteger(whole)) {
      return this.#refuse("error", place, `gives a count beyond 2^53, ${exact}`);
    }
    const shown = exact.toFixed(3);
    if (Number(shown) !== whole) this.#rounded.add(`\`${place.answer}\` ${shown}`);
    return { exact, whole };
  }

  #readCounts(badPlace: NumberPlace, totalPlace: NumberPlace): Counts | undefined {
    const bad = this.#readCount(badPlace);
    const total = this.#readCount(totalPlace);
    if (bad === undefined || total === undefined) return undefined;
    // Sums of the same numbers in another order differ in their last digits, and no more.
    if (bad.exact > total.exact * (1 + 1e-9) || bad.whole > total.whole) {
      const message = `gives ${bad.exact} bad events out of ${total.exact}`;
      return this.#refuse("error", badPlace, message);
    }
    return { bad: bad.whole, total: total.whole };
  }

  #readSeries(place: SeriesPlace): Signal["series"] {
    const list = this.#select(place);
    const [series] = list ?? [];
    if (list === undefined || series === undefined) return undefined;
    if (list.length > 1) {
      return this.#refuse("error", place, `has ${list.length} series that match`);
    }
    const { samples } = series;
    const newest = samples.at(-1);
    if (series.form !== "range") {
      return this.#refuse("error", place, "gives one number, not a series");
    }
    if (newest === undefined) return this.#refuse("no_data", place, "has a series without points");
    if (samples.length > seriesPointsMax) {
      const message = `has ${samples.length} points; at most ${seriesPointsMax}`;
      return this.#refuse("error", place, message);
    }
    this.#moments.push({ place, timeS: newest.timeS });
    const finite = samples.filter((sample) => Number.isFinite(sample.value)).length;
    if (finite === 0) {
      const status = samples.some((sample) => Number.isNaN(sample.value)) ? "nan" : "error";
      return this.#refuse(status, place, "has no point that is a finite number");
    }
    const lost = samples.length - finite;
    if (lost > 0) {
      const message = `has ${lost} of ${samples.length} points that are not finite: left empty`;
      this.#remarks.push(`answer \`${place.answer}\` ${message}`);
    }
    return samples.map(({ timeS, value }) => ({
      t_ms: Math.round(timeS * 1000),
      v: Number.isFinite(value) ? value : null,
    }));
  }

  /**
   * Notes when the newest sample behind the signal was taken. The time of an instant query's answer
   * is the moment of the query, however long ago the target was last scraped.
   */
  #readTime(place: NumberPlace): void {
    // The numbers may still be there: they tell of the past of a target that is gone.
    const gone = createTrouble("stale", place, "has no such series: it is not scraped any more");
    const timeS = this.#readNumber(place, gone);
    if (timeS === undefined) {
      // What is left are the times of the answers, which would make the past look fresh.
      this.#moments.length = 0;
      return;
    }
    if (timeS < earliestS || timeS > latestS) {
      return this.#refuse("error", place, `gives ${timeS}, not a time in seconds`);
    }
    this.#moments.push({ place, timeS });
  }

  /** Age of the oldest moment behind the signal, seconds, to the millisecond. */
  #checkAge(): Pick<Measurement, "age_s"> {
    const { nowMs, maxAgeS } = this.#options;
    const ages = this.#moments.map(({ place, timeS }) => ({ place, ageS: nowMs / 1000 - timeS }));
    for (const { place, ageS } of ages) {
      if (ageS < -aheadSMax) {
        this.#refuse("error", place, `tells of a moment ${formatS(-ageS)} ahead of the clock`);
      } else if (ageS > maxAgeS) {
        const message = `tells of ${formatS(ageS)} ago; at most ${formatS(maxAgeS)}`;
        this.#refuse("stale", place, message);
      }
    }
    if (ages.length === 0) return {};
    const oldestS = Math.max(0, ...ages.map((age) => age.ageS));
    return { age_s: Math.round(oldestS * 1000) / 1000 };
  }
}

function formatS(seconds: number): string {
  return `${Math.round(seconds)} s`;
}
