import { expect, test } from "vitest";
import { judgeSchema } from "./judge.ts";

test("a name is enough, and all that Kayenta knows of a metric can be said", () => {
  const full = {
    name: "netflix_aca",
    pass: 95,
    marginal: 75,
    groups: [{ name: "latency", weight: 60, signals: ["p99"] }],
    metrics: [
      {
        signal: "p99",
        direction: "increase",
        effect: "cles",
        allowed_increase: 0.6,
        allowed_decrease: 0.4,
        critical_increase: 0.8,
        critical_decrease: 0.2,
        outliers: "remove",
        nan: "replace",
        must_have_data: true,
      },
    ],
  };
  for (const judge of [{ name: "netflix_aca" }, full]) {
    expect(judgeSchema.parse(judge)).toEqual(judge);
  }
});

test.each<[string, object]>([
  ["no name", {}],
  ["another judge", { name: "dredd" }],
  ["a limit over 100", { name: "netflix_aca", pass: 101 }],
  ["a limit that is no number", { name: "netflix_aca", marginal: Number.NaN }],
  ["a group of nothing", { name: "netflix_aca", groups: [{ name: "g", signals: [] }] }],
  [
    "a negative weight",
    { name: "netflix_aca", groups: [{ name: "g", weight: -1, signals: ["a"] }] },
  ],
  [
    "a group of a thousand",
    { name: "netflix_aca", groups: [{ name: "g", signals: Array(1_000).fill("a") }] },
  ],
  ["a rule for nothing", { name: "netflix_aca", metrics: [{}] }],
  ["a key that no rule has", { name: "netflix_aca", metrics: [{ signal: "a", colour: "red" }] }],
])("refused: %s", (_name, judge) => {
  expect(judgeSchema.safeParse(judge).success).toBe(false);
});
