import { expect, test } from "vitest";
import { type ScoredMetric, scoreMetrics } from "./score.ts";

const labels = { P: "pass", H: "high", L: "low", N: "nodata", F: "nodata_fail_metric" } as const;

/** `A:P,P B:H!` is two metrics of group A that pass, and one of B that is high and critical. */
function parseMetrics(text: string): ScoredMetric[] {
  return text.split(" ").flatMap((group) => {
    const [name = "", marks = ""] = group.split(":");
    return marks.split(",").map((mark) => ({
      label: labels[mark[0] as keyof typeof labels],
      critical: mark.endsWith("!"),
      groups: [name],
    }));
  });
}

test.each<[string, Record<string, number>, number, string]>([
  ["A:P", {}, 100, "groups"],
  ["A:H", {}, 0, "groups"],
  ["A:N", {}, 0, "no_data"],
  ["A:P,P B:N", {}, 100, "groups"],
  ["A:P,H", {}, 50, "groups"],
  ["A:P,H,L", {}, 33.33, "groups"],
  ["A:P,P B:H", { A: 75, B: 25 }, 75, "groups"],
  ["A:P,H B:H", { A: 50, B: 50 }, 25, "groups"],
  ["A:P,N B:H", { A: 50, B: 50 }, 50, "groups"],
  ["A:P,H!", {}, 0, "critical"],
  ["A:L,P!", {}, 50, "groups"],
  ["A:P,N!", {}, 0, "no_data"],
  ["A:P,N!,L!", {}, 0, "critical"],
  ["A:P,F", {}, 50, "groups"],
  ["A:P,N,N", {}, 0, "no_data"],
  ["A:P B:H C:H", { A: 40 }, 40, "groups"],
  ["A:H B:P C:H", { A: 40 }, 30, "groups"],
  ["A:P B:P", { A: 80, B: 80 }, 100, "groups"],
  ["A:P B:P C:H", { A: 80, B: 20 }, 100, "groups"],
  ["A:H B:P", { A: 100, C: 50 }, 0, "groups"],
])("%s with the weights %o: %d for %s", (text, weights, score, because) => {
  const scored = scoreMetrics(parseMetrics(text), new Map(Object.entries(weights)));
  expect(scored).toMatchObject({ score, because });
});

test("without any metric nothing can be said", () => {
  expect(scoreMetrics([], new Map())).toEqual({ score: 0, because: "no_data", groups: [] });
});

test("a metric of two groups counts in both", () => {
  const metric: ScoredMetric = { label: "pass", critical: false, groups: ["A", "B"] };
  expect(scoreMetrics([metric], new Map([["A", 30]])).groups).toEqual([
    { name: "A", weight: 30, score: 100 },
    { name: "B", weight: 70, score: 100 },
  ]);
});
