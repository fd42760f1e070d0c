import { describe, expect, test } from "vitest";
import {
  findSignal,
  loadMapping,
  loadRecording,
  readSignals,
} from "../../test/fixtures/prometheus/recording.ts";
import type { Signal } from "../decision/request.ts";
import { parseMapping } from "./mapping.ts";
import { createSnapshot } from "./snapshot.ts";

const oddMapping = loadMapping("test/fixtures/prometheus/odd-answers.yaml");
const odd = readSignals(oddMapping, loadRecording("odd-answers"));

describe("odd answers of a real Prometheus", () => {
  test.each([
    ["nan", "nan", "answer `nan` gives NaN"],
    ["plus_inf", "error", "answer `plus_inf` gives +Inf"],
    ["minus_inf", "error", "answer `minus_inf` gives -Inf"],
    ["empty", "no_data", "answer `empty` has no series"],
    ["bad_query", "error", /^answer `bad_query` failed: bad_data: invalid parameter "query": /],
    ["ambiguous_join", "error", /^answer `ambiguous_join` failed: execution: found duplicate .*…$/],
    ["timed_out", "error", /^answer `timed_out` failed: timeout: query timed out/],
    ["warned", "partial", /^answer `warned` warns: remote_read: .* is down$/],
    ["text", "error", "answer `text` is a text, not a number"],
    [
      "both_tracks",
      "error",
      "answer `both_tracks` has 2 series that match: state more labels or `combine: sum`",
    ],
    ["bare_text_by_path", "error", 'answer `both_tracks` has "5" where a series is expected'],
    ["labels_of_a_scalar", "error", "answer `scalar` has no labels to match"],
    ["instant_matrix", "error", "answer `instant_matrix` gives a series, not one number"],
    ["negative_count", "error", "answer `negative` gives a negative count, -3"],
    ["more_bad_than_total", "error", /^answer `extrapolated` gives \d+\.\d+ bad events out of 5$/],
    ["sampled_nowhere", "stale", /^answer `empty` has no such series: it is not scraped any more$/],
    ["sampled_never", "error", "answer `scalar` gives 5, not a time in seconds"],
    ["old", "stale", /^answer `old` tells of 4\d s ago; at most 30 s$/],
  ])("%s is %s, without a number", (id, status, note) => {
    const signal = findSignal(odd, id);
    expect(signal.status).toBe(status);
    expect(signal.note).toMatch(note);
    for (const field of ["value", "n", "bad", "total", "windows", "series"]) {
      expect(signal).not.toHaveProperty(field);
    }
  });

  test.each([
    ["scalar", { value: 5 }],
    ["negative", { value: -3 }],
    ["both_tracks_summed", { value: 10 }],
    ["both_tracks_by_path", { value: 5 }],
    ["pair_by_path", { value: 5 }],
    ["extrapolated", { bad: 5, note: expect.stringMatching(/^counts rounded: `extrapolated` /) }],
  ])("%s can be judged", (id, expected) => {
    expect(findSignal(odd, id)).toMatchObject({ status: "ok", ...expected });
  });

  test("a range query gives a series, with a gap where the quantile was NaN", () => {
    const queue = findSignal(odd, "queue_over_time");
    expect(queue).toMatchObject({ status: "ok", step_s: 2 });
    expect(new Set(queue.series?.map((point) => point.v))).toEqual(new Set([5]));
    expect(queue.series?.length).toBeGreaterThan(5);

    const latency = findSignal(odd, "p99_over_time");
    expect(latency.note).toMatch(
      /^answer `p99_over_time` has \d of \d+ points that are not finite/,
    );
    expect(latency.series?.[0]?.v).toBeNull();
    expect(latency.series?.at(-1)?.v).toBeGreaterThan(0);
  });
});

const nowMs = 1_767_225_600_000;

/** The signal `id` where the answers `a` and `b` are vectors of these values. */
function read(id: string, a: readonly string[], b: readonly string[] = []): Signal {
  const text = `
provider: prometheus
max_age_s: 60
answers: {a: {query: a}, b: {query: b}}
signals:
  - {id: counts, sli: correctness, bad: a, total: b}
  - {id: sum, sli: business, value: {answer: a, combine: sum}}
`;
  const parsed = parseMapping(text, "edge.yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const vector = (values: readonly string[]) => ({
    status: "success",
    data: {
      resultType: "vector",
      result: values.map((value) => ({ metric: {}, value: [nowMs / 1000, value] })),
    },
  });
  const answers = { a: vector(a), b: vector(b) };
  return findSignal(
    createSnapshot(parsed.mapping, answers, { nowMs, service: "shop" }).signals,
    id,
  );
}

describe("numbers at the edge", () => {
  test.each([
    ["0", "0", { status: "ok", bad: 0, total: 0 }],
    ["12.0003", "100", { status: "ok", bad: 12, total: 100 }],
    ["12.4", "100", { status: "ok", bad: 12, note: "counts rounded: `a` 12.400" }],
    // The same sum, added up in another order.
    ["12.000000000000002", "12", { status: "ok", bad: 12, total: 12 }],
    ["12.3", "12", { status: "error", note: "answer `a` gives 12.3 bad events out of 12" }],
    ["-0.4", "12", { status: "error", note: "answer `a` gives a negative count, -0.4" }],
    ["1", "9007199254740992", { status: "error" }],
    ["1", "NaN", { status: "nan" }],
    ["+Inf", "NaN", { status: "error", note: "answer `a` gives +Inf; answer `b` gives NaN" }],
  ])("%s bad of %s", (bad, total, expected) => {
    expect(read("counts", [bad], [total])).toMatchObject(expected);
  });

  test("a sum that overflows is not a number to judge", () => {
    expect(read("sum", ["1.7e308", "1.7e308"])).toMatchObject({ status: "error" });
  });

  test("infinities of both signs do not cancel out", () => {
    expect(read("sum", ["+Inf", "-Inf"])).toMatchObject({ status: "error" });
  });
});
