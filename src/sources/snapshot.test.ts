import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findSignal,
  loadMapping,
  loadRecording,
  readSignals,
} from "../../test/fixtures/prometheus/recording.ts";
import { sha256Hex } from "../base/digest.ts";
import { parseRequest, type Signal } from "../decision/request.ts";
import { type Mapping, parseMapping } from "./mapping.ts";
import { createSnapshot } from "./snapshot.ts";

function errorRatio({ bad, total }: { readonly bad?: number; readonly total?: number }): number {
  return (bad ?? Number.NaN) / (total ?? Number.NaN);
}

const shipped = loadMapping("policies/mappings/prometheus-http.yaml");
// The recording has windows of 20 s for 5 min; what counts as old is shortened alike.
const http = { ...shipped, max_age_s: 8 };
const healthy = readSignals(http, loadRecording("healthy"));
const degraded = readSignals(http, loadRecording("degraded"));
const gone = readSignals(http, loadRecording("canary-gone"));

describe("the shipped mapping on answers of a real Prometheus", () => {
  test("a healthy service: every signal can be judged, and both tracks are alike", () => {
    expect(healthy.map((signal) => signal.status)).toEqual(Array(6).fill("ok"));
    for (const population of ["candidate", "stable"]) {
      const errors = findSignal(healthy, "http-errors", population);
      expect(errorRatio(errors)).toBeLessThan(0.01);
      expect(findSignal(healthy, "http-latency-p99", population).value).toBeLessThan(0.1);
    }
  });

  test("a degraded canary: its errors and latency stand out, the stable track stays as it was", () => {
    expect(degraded.map((signal) => signal.status)).toEqual(Array(6).fill("ok"));
    const errors = findSignal(degraded, "http-errors");
    expect(errorRatio(errors)).toBeGreaterThan(0.1);
    for (const window of errors.windows ?? []) expect(errorRatio(window)).toBeGreaterThan(0.05);
    expect(findSignal(degraded, "http-latency-p99").value).toBeGreaterThan(0.25);

    expect(errorRatio(findSignal(degraded, "http-errors", "stable"))).toBeLessThan(0.01);
    expect(findSignal(degraded, "http-latency-p99", "stable").value).toBeLessThan(0.2);
  });

  test("a signal says all that the mapping and the answers know", () => {
    const { answers } = loadRecording("degraded");
    const exact = (name: string) => {
      const { data } = answers[name] as {
        data: { result: { metric: { track: string }; value: [number, string] }[] };
      };
      return Number(data.result.find((series) => series.metric.track === "canary")?.value[1]);
    };
    const [bad, total] = [Math.round(exact("errors_5m")), Math.round(exact("requests_5m"))];
    const [badHour, totalHour] = [Math.round(exact("errors_1h")), Math.round(exact("requests_1h"))];
    const queries = ["errors_5m", "requests_5m", "errors_1h", "requests_1h", "sampled_at"];
    expect(findSignal(degraded, "http-errors")).toEqual({
      id: "http-errors",
      sli: "availability",
      service: "checkout",
      population: "candidate",
      unit: "ratio",
      direction: "lower_better",
      critical: true,
      status: "ok",
      bad,
      total,
      windows: [
        { window_s: 300, bad, total },
        { window_s: 3600, bad: badHour, total: totalHour },
      ],
      age_s: expect.closeTo(0, -1),
      note: expect.stringMatching(/^counts rounded: `errors_5m` \d+\.\d{3}, /),
      source: {
        provider: "prometheus",
        query_sha256: sha256Hex(queries.map((name) => http.answers[name]?.query).join("\n")),
      },
    });
  });

  test("a canary that is gone is stale, though its past still gives counts", () => {
    const { answers } = loadRecording("canary-gone");
    expect(JSON.stringify(answers["requests_5m"])).toContain('"track":"canary"');
    const errors = findSignal(gone, "http-errors");
    expect(errors.status).toBe("stale");
    expect(errors.note).toMatch(/^answer `sampled_at` tells of \d+ s ago; at most 8 s$/);
    expect(errors.age_s).toBeGreaterThan(8);
    expect(findSignal(gone, "open-files").status).toBe("no_data");
    expect(findSignal(gone, "http-errors", "stable").status).toBe("ok");
  });

  test("answers about another service are no data", () => {
    const { answers, recorded_at_ms } = loadRecording("healthy");
    const { signals } = createSnapshot(http, answers, { nowMs: recorded_at_ms, service: "search" });
    expect(signals.map((signal) => signal.status)).toEqual(Array(6).fill("no_data"));
  });

  test("answers that wait too long go stale, answers from the future are errors", () => {
    const recording = loadRecording("healthy");
    const at = (shiftMs: number) => {
      const later = { ...recording, recorded_at_ms: recording.recorded_at_ms + shiftMs };
      return findSignal(readSignals(shipped, later), "open-files");
    };
    expect(at(110_000).status).toBe("ok");
    expect(at(110_000).age_s).toBeGreaterThan(110);
    expect(at(125_000).status).toBe("stale");
    expect(at(-50_000)).toMatchObject({ status: "ok", age_s: 0 });
    expect(at(-70_000).status).toBe("error");
  });

  test("an answer that is left out makes its signals errors, and no others", () => {
    const recording = loadRecording("healthy");
    const { latency_p99: _left, ...answers } = recording.answers;
    const signals = readSignals(http, { ...recording, answers });
    expect(findSignal(signals, "http-latency-p99")).toMatchObject({
      status: "error",
      note: "answer `latency_p99` is missing",
    });
    expect(findSignal(signals, "http-errors").status).toBe("ok");
  });
});

const nowMs = 1_767_225_600_000;
const nowS = nowMs / 1000;

const small: Mapping = (() => {
  const text = `
provider: prometheus
max_age_s: 60
answers:
  a: {query: a}
  b: {query: b}
  r: {query: a, range: {window_s: 60, step_s: 5}}
signals:
  - {id: value, sli: business, value: a, n: b}
  - {id: counts, sli: correctness, bad: a, total: b}
  - {id: sampled, sli: business, value: a, sampled_at: b}
  - id: windows
    sli: correctness
    populations: {stable: {track: stable}, candidate: {constructor: x}}
    windows: [{window_s: 60, bad: a, total: {answer: b, combine: sum}}]
  - {id: series, sli: latency, series: r}
  - {id: path, sli: latency, value: {answer: a, path: '$.data.result[*].value', combine: sum}}
`;
  const parsed = parseMapping(text, "small.yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.mapping;
})();

function vector(...texts: string[]) {
  const result = texts.map((text) => ({ metric: {}, value: [nowS, text] }));
  return { status: "success", data: { resultType: "vector", result } };
}

function readSmall(answers: unknown, id: string): Signal {
  return findSignal(createSnapshot(small, answers, { nowMs, service: "shop" }).signals, id);
}

describe("hostile answers", () => {
  test("nothing anywhere is an error for every signal, whatever stands for the answers", () => {
    for (const answers of [undefined, null, 1, "answers", [], {}, { a: null, b: [], r: "x" }]) {
      const { signals } = createSnapshot(small, answers, { nowMs, service: "shop" });
      expect(signals.map((signal) => signal.status)).toEqual(Array(7).fill("error"));
    }
  });

  test("members of the prototype are neither answers nor labels", () => {
    const answers = JSON.parse(
      `{"__proto__": ${JSON.stringify({ a: vector("1") })},
        "b": {"status": "success", "data": {"resultType": "vector", "result":
          [{"metric": {"__proto__": {"track": "stable"}}, "value": [${nowS}, "1"]}]}}}`,
    ) as unknown;
    const { signals } = createSnapshot(small, answers, { nowMs, service: "shop" });
    expect(findSignal(signals, "value")).toMatchObject({ status: "error" });
    expect(findSignal(signals, "windows", "stable").note).toContain(
      'answer `b` has no series with track="stable"',
    );
    expect(findSignal(signals, "windows").note).toContain(
      'answer `b` has no series with constructor="x"',
    );
    expect(({} as Record<string, unknown>)["track"]).toBeUndefined();
  });

  test("the provider's words come on one printable line", () => {
    const error = `no\r\n\u001b[31m\u2028\u202epe \ud800${"x".repeat(100_000)}`;
    const { note } = readSmall({ a: { status: "error", errorType: "e", error } }, "path");
    expect(note).toMatch(/^answer `a` failed: e: no \[31m pe \ufffdx{100,}…$/);
    expect(note?.length).toBeLessThan(300);
  });

  test("an answer of many series is read in bounded time, one of too many is refused", () => {
    const answerOf = (count: number) => ({
      status: "success",
      data: {
        resultType: "vector",
        result: Array.from({ length: count }, () => ({ metric: {}, value: [nowS, "1"] })),
      },
    });
    const startMs = performance.now();
    expect(readSmall({ a: answerOf(5_000) }, "path")).toMatchObject({ status: "ok", value: 5_000 });
    expect(readSmall({ a: answerOf(100_000) }, "path")).toMatchObject({
      status: "error",
      note: "answer `a` has 100000 series; at most 5000: aggregate them",
    });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

/** Answers that are almost right: what a provider, a proxy or an attacker could send. */
const text = fc.oneof(
  fc.constantFrom("0", "1", "12.0003", "NaN", "+Inf", "-Inf", "-3", "1e999", "", "0x1", "1e16"),
  fc.double().map(String),
  fc.string({ maxLength: 4 }),
);
const time = fc.oneof(
  fc.constantFrom(nowS, nowS - 5, nowS + 59, nowS + 61, nowS - 1e5, 0, -1, 1e300),
  fc.double({ min: nowS - 100, max: nowS + 100, noNaN: true }),
);
const pair = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(time, text) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const metric = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom({}, { track: "stable" }, { constructor: "x" }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const series = fc.oneof(
  { weight: 6, arbitrary: fc.record({ metric, value: pair }) },
  { weight: 2, arbitrary: fc.record({ metric, values: fc.array(pair, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const answer = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        status: fc.constant("success"),
        data: fc.record({
          resultType: fc.constantFrom("vector", "matrix", "scalar", "string"),
          result: fc.oneof(fc.array(series, { maxLength: 3 }), pair),
        }),
        warnings: fc.array(fc.string(), { maxLength: 2 }),
      },
      { requiredKeys: ["status", "data"] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(vector("1"), vector("2", "3"), vector()) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const anyAnswers = fc.oneof(
  { weight: 8, arbitrary: fc.record({ a: answer, b: answer, r: answer }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

describe("of any answers", () => {
  test("a snapshot is made that a request may carry, and `ok` always has a finite number", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const health = createSnapshot(small, answers, { nowMs, service: "shop" });
        expect(health.signals).toHaveLength(7);
        for (const { status, value, n, bad, total, windows, series: points } of health.signals) {
          seen.add(status);
          const numbers = [value, n, bad, total, windows?.[0]?.bad, windows?.[0]?.total];
          const found = [...numbers, ...(points ?? []).map((point) => point.v)].filter(
            (number) => number !== undefined && number !== null,
          );
          expect(found.every((number) => Number.isFinite(number))).toBe(true);
          expect(found.length > 0).toBe(status === "ok");
        }
        const release = { service: "shop", candidate: { version: "2" }, stable: { version: "1" } };
        const request = parseRequest({ release, health }, { nowMs, skewMs: 60_000 });
        expect(request).toMatchObject({ ok: true, request: { health } });
      }),
      { numRuns: 1_000 },
    );
    expect([...seen].toSorted()).toEqual(["error", "nan", "no_data", "ok", "partial", "stale"]);
  });

  test("the same answers give the same snapshot", () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const context = { nowMs, service: "shop" };
        const again = JSON.parse(JSON.stringify(answers)) as unknown;
        expect(createSnapshot(small, again, context)).toEqual(
          createSnapshot(small, answers, context),
        );
      }),
      { numRuns: 200 },
    );
  });
});
