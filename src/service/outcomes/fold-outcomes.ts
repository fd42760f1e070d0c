/** @module How decisions turned out: a pure fold over what the record says, oldest first. */

import { foldProgress, type StepReport } from "../../decision/rollback/progress.ts";
import type {
  DecisionFact,
  OutcomeFact,
  ResolutionFact,
  StepFact,
  VerificationFact,
} from "./outcome-fact.ts";
import { type OutcomeCounts, OutcomeTally } from "./outcome-tally.ts";

export interface OutcomeQuery {
  /** Only what was asked, begun or escalated from then on, epoch ms. */
  readonly sinceMs?: number;
  readonly service?: string;
  /** The moment of looking: steps that are out of time by then have failed, epoch ms. */
  readonly nowMs: number;
}

export interface Outcomes {
  readonly total: OutcomeCounts;
  /** By name. */
  readonly services: Readonly<Record<string, OutcomeCounts>>;
  /** By the policy whose finding decided. */
  readonly policies: Readonly<Record<string, OutcomeCounts>>;
}

const inconsistencyMsMax = 86_400_000;

/** One time that a plan was carried out. */
interface Run {
  readonly decision: DecisionFact;
  readonly beganMs: number;
  readonly reports: StepReport[];
  result: "succeeded" | "failed" | "under_way";
  endedMs: number;
  isInconsistent: boolean;
}

interface Question {
  readonly decision: DecisionFact;
  answer: "proceed" | "hold" | "rollback" | "break_glass" | "unanswered";
}

export function foldOutcomes(facts: Iterable<OutcomeFact>, query: OutcomeQuery): Outcomes {
  const fold = new OutcomeFold();
  for (const fact of facts) fold.take(fact);
  return fold.count(query);
}

class OutcomeFold {
  readonly #decisions = new Map<string, DecisionFact>();
  readonly #runs: Run[] = [];
  /** The latest of each plan. */
  readonly #runOf = new Map<string, Run>();
  readonly #questions = new Map<string, Question>();
  /** By release: when it first was a regression, until it has recovered. */
  readonly #regressedMs = new Map<string, number>();
  readonly #recoveries: {
    readonly decision: DecisionFact;
    readonly lengthS: number;
    atMs: number;
  }[] = [];

  take(fact: OutcomeFact): void {
    switch (fact.kind) {
      case "decision":
        return this.#takeDecision(fact);
      case "step":
        return this.#takeStep(fact);
      case "verification":
        return this.#takeVerification(fact);
      case "resolution":
        return this.#takeResolution(fact);
    }
  }

  count({ sinceMs = 0, service, nowMs }: OutcomeQuery): Outcomes {
    const groups = new Groups();
    const isAsked = (decision: DecisionFact, atMs: number) =>
      atMs >= sinceMs && (service === undefined || decision.service === service);
    for (const decision of this.#decisions.values()) {
      if (decision.isVerification || !isAsked(decision, decision.at_ms)) continue;
      for (const tally of groups.of(decision)) tally.decisions[decision.verdict] += 1;
    }
    for (const run of this.#runs) {
      if (isAsked(run.decision, run.beganMs)) countRun(run, groups, nowMs);
    }
    for (const { decision, answer } of this.#questions.values()) {
      if (!isAsked(decision, decision.at_ms)) continue;
      for (const { escalations } of groups.of(decision)) {
        escalations.asked += 1;
        escalations[answer] += 1;
      }
    }
    for (const { decision, lengthS, atMs } of this.#recoveries) {
      if (!isAsked(decision, atMs)) continue;
      for (const tally of groups.of(decision)) tally.recoveryLengthsS.push(lengthS);
    }
    return groups.outcomes();
  }

  #takeDecision(fact: DecisionFact): void {
    const { id, at_ms: atMs, release, service, verdict, level, plan } = fact;
    this.#decisions.set(id, fact);
    if (fact.hasFailedCheck) this.#markInconsistent(service, atMs);
    if (fact.isVerification) return;
    if (fact.isRegression && !this.#regressedMs.has(release)) this.#regressedMs.set(release, atMs);
    const subject = plan?.plan_id ?? id;
    if (verdict === "escalate" && level !== "wait" && !this.#questions.has(subject)) {
      this.#questions.set(subject, { decision: fact, answer: "unanswered" });
    }
  }

  #markInconsistent(service: string, atMs: number): void {
    for (const run of this.#runs) {
      const isOwn = run.decision.service === service;
      if (isOwn && atMs > run.beganMs && atMs - run.beganMs <= inconsistencyMsMax) {
        run.isInconsistent = true;
      }
    }
  }

  #takeStep({ decision: id, plan_id: planId, at_ms: atMs, step, state, attempt }: StepFact): void {
    const decision = this.#decisions.get(id);
    if (decision === undefined) return;
    const report = { step, state, attempt, at_ms: atMs };
    const known = this.#runOf.get(planId);
    const isNew = known === undefined || known.result === "succeeded" || isBegunAnew(known, report);
    const run = isNew ? this.#begin(decision, planId, atMs) : known;
    run.reports.push(report);
    if (isHalted(run, atMs)) endRun(run, "failed", atMs);
  }

  #begin(decision: DecisionFact, planId: string, atMs: number): Run {
    const run: Run = {
      decision,
      beganMs: atMs,
      reports: [],
      result: "under_way",
      endedMs: atMs,
      isInconsistent: false,
    };
    this.#runs.push(run);
    this.#runOf.set(planId, run);
    return run;
  }

  #takeVerification({ plan_id: planId, at_ms: atMs, outcome }: VerificationFact): void {
    const run = this.#runOf.get(planId);
    if (run === undefined) return;
    if (outcome === "not_recovered") endRun(run, "failed", atMs);
    if (outcome !== "recovered" || progressOf(run, atMs)?.state !== "done") return;
    endRun(run, "succeeded", atMs);
    const { decision } = run;
    const sinceMs = this.#regressedMs.get(decision.release);
    this.#regressedMs.delete(decision.release);
    if (sinceMs === undefined) return;
    this.#recoveries.push({ decision, lengthS: (atMs - sinceMs) / 1_000, atMs });
  }

  #takeResolution({ plan_id: planId, decision, choice, break_glass }: ResolutionFact): void {
    const question = this.#questions.get(planId ?? decision);
    if (question !== undefined) question.answer = break_glass ? "break_glass" : choice;
  }
}

/** A run takes each try of a step once: the same first try again is of another run. */
function isBegunAnew({ reports }: Run, { step, state, attempt }: StepReport): boolean {
  const isSame = (one: StepReport) =>
    one.step === step && one.state === state && one.attempt === attempt;
  return state === "started" && reports.some(isSame);
}

function endRun(run: Run, result: Run["result"], atMs: number): void {
  run.result = result;
  run.endedMs = atMs;
}

function progressOf({ decision, reports }: Run, atMs: number) {
  return decision.plan === undefined ? undefined : foldProgress(decision.plan, reports, atMs);
}

function isHalted(run: Run, atMs: number): boolean {
  return progressOf(run, atMs)?.state === "halted";
}

function countRun(run: Run, groups: Groups, nowMs: number): void {
  const isOver = run.result === "under_way" && isHalted(run, nowMs);
  const result = isOver ? "failed" : run.result;
  for (const { rollbacks, rollbackLengthsS } of groups.of(run.decision)) {
    rollbacks.began += 1;
    rollbacks[result] += 1;
    if (run.isInconsistent) rollbacks.followed_by_inconsistency += 1;
    if (result === "succeeded") rollbackLengthsS.push((run.endedMs - run.beganMs) / 1_000);
  }
}

/** The tallies that one decision counts in. */
class Groups {
  readonly #total = new OutcomeTally();
  readonly #services = new Map<string, OutcomeTally>();
  readonly #policies = new Map<string, OutcomeTally>();

  of({ service, policy }: DecisionFact): readonly OutcomeTally[] {
    return [
      this.#total,
      tallyOf(this.#services, service),
      ...(policy === undefined ? [] : [tallyOf(this.#policies, policy)]),
    ];
  }

  outcomes(): Outcomes {
    return {
      total: this.#total.counts(),
      services: countsOf(this.#services),
      policies: countsOf(this.#policies),
    };
  }
}

function tallyOf(tallies: Map<string, OutcomeTally>, name: string): OutcomeTally {
  const tally = tallies.get(name) ?? new OutcomeTally();
  tallies.set(name, tally);
  return tally;
}

function countsOf(tallies: ReadonlyMap<string, OutcomeTally>): Record<string, OutcomeCounts> {
  const sorted = [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, tally]) => [name, tally.counts()]));
}
