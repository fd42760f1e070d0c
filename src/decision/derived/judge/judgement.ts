/**
 * @module The judgement that a request asks for in place of Belay's own tests of series: the score of
 * Kayenta's NetflixACAJudge, without the noise that Kayenta adds to constant samples.
 */

import { indexCounterparts } from "../../counterpart.ts";
import type { DecisionRequest, Signal } from "../../request.ts";
import { isCritical } from "../../signal-criticality.ts";
import { z98 } from "../mann-whitney.ts";
import { roundDerived } from "../round.ts";
import { alignSeries } from "../series-pair.ts";
import { classifyMetric, type MetricLabel, type MetricRule } from "./metric.ts";
import { removeOutliers } from "./outlier.ts";
import { type GroupScore, scoreMetrics } from "./score.ts";

export type JudgeRow = {
  readonly method: "netflix_aca";
  /** 0 .. 100. */
  readonly score: number;
  /** At `pass` and above it passes; at `marginal` and above it does not fail. */
  readonly pass: number;
  readonly marginal: number;
  readonly says: "pass" | "marginal" | "fail";
  /** What the score is for: the groups, a critical metric, or data that is not there. */
  readonly because: "groups" | "critical" | "no_data";
  readonly groups: GroupScore[];
  readonly metrics: JudgedMetric[];
};

export type JudgedMetric = {
  readonly signal: string;
  readonly service: string;
  readonly label: MetricLabel;
  /** Whether it fails the whole judgement by itself. */
  readonly critical: boolean;
  readonly population_baseline: "baseline" | "stable" | null;
  /** Hodges-Lehmann estimate and 98 % interval; null where nothing was computed. */
  readonly estimate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly effect: number | null;
  readonly n_candidate: number;
  readonly n_baseline: number;
  /** The time of the points, epoch ms; null without any. */
  readonly from_ms: number | null;
  readonly to_ms: number | null;
};

type Judge = NonNullable<DecisionRequest["health"]["judge"]>;
type Rule = NonNullable<Judge["metrics"]>[number];
type Series = NonNullable<Signal["series"]>;

const passDefault = 75;
const marginalDefault = 50;
/** Kayenta's, which it takes from nowhere else. */
const toleranceRatio = 0.25;
const allGroup = "all";

export function deriveJudgement(request: DecisionRequest): JudgeRow | undefined {
  const { judge, signals } = request.health;
  if (judge === undefined) return undefined;
  const counterpartsOf = indexCounterparts(signals.filter((signal) => seriesOf(signal).length > 0));
  const { pass = passDefault, marginal = marginalDefault } = judge;
  const groups = judge.groups ?? [{ name: allGroup, signals: listWithSeries(signals) }];
  const rules = new Map((judge.metrics ?? []).map((rule) => [rule.signal, rule]));
  const judged = listMetrics(request, new Set(groups.flatMap((group) => group.signals))).map(
    (metric) => ({
      ...describe(request, metric, counterpartsOf, rules.get(metric.id)),
      groups: groups.filter((group) => group.signals.includes(metric.id)).map(({ name }) => name),
    }),
  );
  const weights = new Map(
    groups.flatMap(({ name, weight }) => (weight === undefined ? [] : [[name, weight] as const])),
  );
  const scored = scoreMetrics(judged, weights);
  return {
    method: "netflix_aca",
    score: scored.score,
    pass,
    marginal,
    says: judgeScore(scored.score, pass, marginal),
    because: scored.because,
    groups: scored.groups.map((group) => ({
      name: group.name,
      weight: roundDerived(group.weight),
      score: roundDerived(group.score),
    })),
    metrics: judged.map(({ groups: _known, ...metric }) => metric),
  };
}

function judgeScore(score: number, pass: number, marginal: number): JudgeRow["says"] {
  if (score >= pass) return "pass";
  return score >= marginal ? "marginal" : "fail";
}

function listWithSeries(signals: readonly Signal[]): string[] {
  return signals
    .filter(({ population, series }) => population === "candidate" && series !== undefined)
    .map(({ id }) => id);
}

/** What a judged id stands for: a signal of the candidate, or one that is not there. */
interface Metric {
  readonly id: string;
  readonly service: string;
  readonly signal?: Signal;
}

function listMetrics(request: DecisionRequest, ids: ReadonlySet<string>): Metric[] {
  const { signals } = request.health;
  const own = signals.filter(({ id, population }) => population === "candidate" && ids.has(id));
  const there = new Set(own.map(({ id }) => id));
  const { service } = request.release;
  return [
    ...own.map((signal) => ({ id: signal.id, service: signal.service, signal })),
    ...[...ids].filter((id) => !there.has(id)).map((id) => ({ id, service })),
  ];
}

function describe(
  request: DecisionRequest,
  { id, service, signal }: Metric,
  counterpartsOf: ReturnType<typeof indexCounterparts<Signal>>,
  given: Rule | undefined,
): JudgedMetric {
  const rule = createRule(signal, given);
  const other = counterpartsOf(id, service)[0]?.signal;
  const { from_ms, to_ms, ...pair } = alignSeries(
    seriesOf(signal),
    seriesOf(other),
    request.release.exposed_since_ms ?? -Infinity,
    rule.nan === "replace" ? 0 : undefined,
  );
  const kept =
    given?.outliers === "remove" ? removeOutliers : (values: readonly number[]) => values;
  const sample = { candidate: kept(pair.candidate), baseline: kept(pair.baseline) };
  const { label, critical, shift, effect } = classifyMetric(sample, rule);
  const orNull = (value: number | null | undefined): number | null =>
    value === undefined || value === null ? null : roundDerived(value);
  const hasPoints = sample.candidate.length + sample.baseline.length > 0;
  return {
    signal: id,
    service,
    label,
    critical,
    population_baseline: other?.population === "baseline" ? "baseline" : other ? "stable" : null,
    estimate: orNull(shift?.estimate),
    lo: orNull(shift?.lo),
    hi: orNull(shift?.hi),
    effect: orNull(effect),
    n_candidate: sample.candidate.length,
    n_baseline: sample.baseline.length,
    from_ms: hasPoints ? from_ms : null,
    to_ms: hasPoints ? to_ms : null,
  };
}

function seriesOf(signal: Signal | undefined): Series {
  return signal?.status === "ok" ? (signal.series ?? []) : [];
}

function createRule(signal: Signal | undefined, given: Rule | undefined): MetricRule {
  const effect = given?.effect ?? "mean_ratio";
  const neutral = effect === "cles" ? 0.5 : 1;
  return {
    direction: given?.direction ?? directionOf(signal),
    effect,
    allowedIncrease: given?.allowed_increase ?? neutral,
    allowedDecrease: given?.allowed_decrease ?? neutral,
    criticalIncrease: given?.critical_increase ?? neutral,
    criticalDecrease: given?.critical_decrease ?? neutral,
    nan: given?.nan ?? "remove",
    mustHaveData: given?.must_have_data ?? false,
    isCritical: signal !== undefined && isCritical(signal),
    toleranceRatio,
    z: z98,
  };
}

function directionOf(signal: Signal | undefined): MetricRule["direction"] {
  if (signal?.direction === undefined) return "either";
  return signal.direction === "lower_better" ? "increase" : "decrease";
}
