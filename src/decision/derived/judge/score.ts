/** @module How Kayenta's NetflixACAJudge makes one score of classified metrics. */

import type { MetricLabel } from "./metric.ts";

export interface ScoredMetric {
  readonly label: MetricLabel;
  /** Fails the whole judgement unless it passes. */
  readonly critical: boolean;
  readonly groups: readonly string[];
}

export type GroupScore = {
  readonly name: string;
  /** Percent of the summary. */
  readonly weight: number;
  /** 0 .. 100; 100 in a group without any data. */
  readonly score: number;
};

export interface Score {
  /** 0 .. 100, to two decimals. */
  readonly score: number;
  /** What it is for: the groups, a critical metric, or data that is not there. */
  readonly because: "groups" | "critical" | "no_data";
  readonly groups: GroupScore[];
}

/** From this part of metrics without data on, nothing can be said. */
const nodataRatioMax = 0.5;

/** `weights`: percent of the summary by name of group; the others share what is left. */
export function scoreMetrics(
  metrics: readonly ScoredMetric[],
  weights: ReadonlyMap<string, number>,
): Score {
  const groups = scoreGroups(metrics, weights);
  const failed = metrics.filter(({ label, critical }) => critical && label !== "pass");
  if (failed.length > 0) {
    const isSeen = failed.some(({ label }) => label === "high" || label === "low");
    return { score: 0, because: isSeen ? "critical" : "no_data", groups };
  }
  const nodata = metrics.filter(({ label }) => label === "nodata").length;
  if (nodata >= metrics.length * nodataRatioMax) return { score: 0, because: "no_data", groups };
  const sum = groups.reduce((total, { score, weight }) => total + (score * weight) / 100, 0);
  return { score: Math.min(100, Math.round(sum * 100) / 100), because: "groups", groups };
}

function scoreGroups(
  metrics: readonly ScoredMetric[],
  weights: ReadonlyMap<string, number>,
): GroupScore[] {
  const names = [...new Set(metrics.flatMap(({ groups }) => groups))];
  const spoken = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const share = (100 - spoken) / names.filter((name) => !weights.has(name)).length;
  return names.map((name) => {
    const labels = metrics.filter(({ groups }) => groups.includes(name)).map(({ label }) => label);
    const judged = labels.filter((label) => label !== "nodata");
    const passed = judged.filter((label) => label === "pass");
    const score = judged.length === 0 ? 100 : (passed.length / judged.length) * 100;
    return { name, weight: weights.get(name) ?? Math.max(0, share), score };
  });
}
