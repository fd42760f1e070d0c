import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DecisionRequest, parseRequest } from "../../request.ts";
import { sparseErrors } from "../sample.fixture.ts";
import { deriveJudgement, type JudgeRow } from "./judgement.ts";

const nowMs = 1_767_225_600_000;

function parse(asked: object | undefined, signals: object[]): DecisionRequest {
  const release = { service: "checkout", candidate: { version: "2" } };
  const health = { signals, ...(asked === undefined ? {} : { judge: asked }) };
  const parsed = parseRequest({ release, health }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.request;
}

function seriesOf(values: readonly (number | null)[]) {
  return values.map((v, index) => ({ t_ms: nowMs - (values.length - index) * 60_000, v }));
}

type Values = readonly (number | null)[];

function both(id: string, control: Values, experiment: Values, more: object = {}): object[] {
  const signal = { id, sli: "latency", ...more };
  return [
    { ...signal, series: seriesOf(experiment) },
    { ...signal, population: "baseline", series: seriesOf(control) },
  ];
}

const low = [1, 2.2, 1.1, 2.5, 3];
const high = [20, 22, 21, 25, 30];

function judge(signals: object[], more: object = {}): JudgeRow | undefined {
  return deriveJudgement(parse({ name: "netflix_aca", ...more }, signals));
}

test("who asks for no judge gets none", () => {
  expect(deriveJudgement(parse(undefined, both("p99", low, high)))).toBeUndefined();
});

test("all that a judgement says", () => {
  const groups = [
    { name: "latency", weight: 60, signals: ["p99", "p50"] },
    { name: "errors", signals: ["errors"] },
  ];
  const signals = [...both("p99", low, high), ...both("p50", high, high)];
  expect(judge(signals, { groups })).toEqual({
    method: "netflix_aca",
    score: 70,
    pass: 75,
    marginal: 50,
    says: "marginal",
    because: "groups",
    groups: [
      { name: "latency", weight: 60, score: 50 },
      { name: "errors", weight: 40, score: 100 },
    ],
    metrics: [
      {
        signal: "p99",
        service: "checkout",
        label: "high",
        critical: false,
        population_baseline: "baseline",
        estimate: 20,
        lo: expect.closeTo(17, 3) as number,
        hi: expect.closeTo(29, 3) as number,
        effect: 12.0408163265,
        n_candidate: 5,
        n_baseline: 5,
        from_ms: nowMs - 300_000,
        to_ms: nowMs - 60_000,
      },
      expect.objectContaining({
        signal: "p50",
        label: "pass",
        estimate: null,
        effect: 1,
      }) as object,
      {
        signal: "errors",
        service: "checkout",
        label: "nodata",
        critical: false,
        population_baseline: null,
        estimate: null,
        lo: null,
        hi: null,
        effect: null,
        n_candidate: 0,
        n_baseline: 0,
        from_ms: null,
        to_ms: null,
      },
    ],
  });
});

test.each([
  [[100, 50], "fail"],
  [[90, 0], "marginal"],
  [[0, 0], "pass"],
])("at limits of %o a score of 50 and of 0", ([pass, marginal], says) => {
  const signals = [...both("p99", low, high), ...both("p50", low, high)];
  expect(judge(signals, { pass, marginal })?.says).toBe(says);
});

test("without groups all signals with a series are one", () => {
  const signals = [...both("p99", low, high), { id: "cpu", sli: "saturation", value: 1 }];
  expect(judge(signals)).toMatchObject({
    score: 0,
    says: "fail",
    because: "groups",
    groups: [{ name: "all", weight: 100, score: 0 }],
    metrics: [{ signal: "p99" }],
  });
});

test.each<[string, object, object, string]>([
  ["more is worse as the signal says", { direction: "lower_better" }, {}, "high"],
  ["more is better as the signal says", { direction: "higher_better" }, {}, "pass"],
  [
    "the judge's word goes before the signal's",
    { direction: "higher_better" },
    { direction: "either" },
    "high",
  ],
  ["an increase of thirteen times is allowed", {}, { allowed_increase: 13 }, "pass"],
  ["only whether it is higher at all", {}, { effect: "cles", allowed_increase: 1 }, "high"],
])("%s", (_name, signal, rule, label) => {
  const more = { metrics: [{ signal: "p99", ...rule }] };
  expect(judge(both("p99", low, high, signal), more)?.metrics).toMatchObject([{ label }]);
});

test("what is critical fails the whole by itself, from its own limit on", () => {
  const signals = both("p99", low, high, { critical: true });
  const rule = (critical_increase: number) => ({
    metrics: [{ signal: "p99", critical_increase }],
    pass: 0,
  });
  expect(judge(signals, rule(12))).toMatchObject({ because: "critical" });
  expect(judge(signals, rule(13))).toMatchObject({ because: "groups" });
});

test("outliers are removed where that is asked for", () => {
  const spiked = [...low, ...low, ...low, 900];
  const metrics = [{ signal: "p99", outliers: "remove" }];
  const rows = [judge(both("p99", spiked, high)), judge(both("p99", spiked, high), { metrics })];
  expect(rows.map((row) => row?.metrics[0]?.n_baseline)).toEqual([5, 4]);
});

test.each([
  ["remove", 2],
  ["replace", 5],
])("a point without a value: %s", (nan, n) => {
  const signals = both("p99", low, [null, 20, null, 21, null]);
  const row = judge(signals, { metrics: [{ signal: "p99", nan }] });
  expect(row?.metrics[0]?.n_candidate).toBe(n);
});

test.each<[string, object[], object, string, string]>([
  ["stale", both("p99", low, high, { status: "stale" }), {}, "nodata", "no_data"],
  [
    "not there",
    both("p50", low, low),
    { groups: [{ name: "g", signals: ["p99"] }] },
    "nodata",
    "no_data",
  ],
  ["without a counterpart", both("p99", low, high).slice(0, 1), {}, "nodata", "no_data"],
  [
    "without values, and must have some",
    both("p99", low, [null, null]),
    { metrics: [{ signal: "p99", must_have_data: true }] },
    "nodata_fail_metric",
    "groups",
  ],
  [
    "without values, taken for 0",
    both("p99", low, high).slice(0, 1),
    { metrics: [{ signal: "p99", nan: "replace" }] },
    "pass",
    "groups",
  ],
])("a signal that is %s", (_name, signals, more, label, because) => {
  expect(judge(signals, more)).toMatchObject({ because, metrics: [{ signal: "p99", label }] });
});

test("the sparse errors that Kayenta lets pass", () => {
  const signals = both("errors", sparseErrors.control, sparseErrors.experiment);
  expect(judge(signals)).toMatchObject({ score: 100, says: "pass" });
});

test("each service that has a signal of that id is a metric of its own", () => {
  const web = both("p99", low, low, { service: "web" });
  const stable = { id: "p99", sli: "latency", population: "stable", series: seriesOf(high) };
  const row = judge([...both("p99", low, high), ...web, stable]);
  expect(row?.metrics.map(({ service, label }) => `${service} ${label}`)).toEqual([
    "checkout high",
    "web pass",
  ]);
});

test("whatever is asked, the score is a percentage and every number is one", () => {
  const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
    minLength: 1,
    maxLength: 20,
  });
  const rule = fc.record(
    {
      signal: fc.constantFrom("a", "b"),
      direction: fc.constantFrom("increase", "decrease", "either"),
      effect: fc.constantFrom("mean_ratio", "cles"),
      allowed_increase: fc.double({ min: 0, max: 10, noNaN: true }),
      outliers: fc.constantFrom("keep", "remove"),
      nan: fc.constantFrom("remove", "replace"),
      must_have_data: fc.boolean(),
    },
    { requiredKeys: ["signal"] },
  );
  const group = fc.record(
    {
      name: fc.constantFrom("g", "h"),
      weight: fc.integer({ min: 0, max: 100 }),
      signals: fc.constantFrom(["a"], ["b"], ["a", "b"], ["c"]),
    },
    { requiredKeys: ["name", "signals"] },
  );
  const asked = fc.record(
    { groups: fc.array(group, { maxLength: 3 }), metrics: fc.array(rule, { maxLength: 3 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(values, values, asked, (one, other, more) => {
      const signals = [...both("a", one, other), ...both("b", other, one)].map((signal) => ({
        ...signal,
        status: "ok",
        value: 1,
      }));
      const row = judge(signals, more);
      const { score = -1, metrics = [], groups = [] } = row ?? {};
      expect(score >= 0 && score <= 100).toBe(true);
      const numbers = [...metrics, ...groups]
        .flatMap((part) => Object.values(part))
        .filter((value) => typeof value === "number");
      expect(numbers.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
