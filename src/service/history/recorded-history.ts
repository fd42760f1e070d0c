/**
 * @module What the record knows of a release before it is decided: earlier checks of the roll-out,
 * rollbacks of the service, regressions elsewhere, and the rollback under way. It becomes part of
 * the recorded input, so that a replay needs no record.
 */

import type { RecordedHistory } from "../../decision/normalise.ts";
import type { DecisionRequest } from "../../decision/request.ts";
import type { FoundMark, Lease, RecordReader } from "../../store/record-store.ts";
import { followRun, isForgotten, loadLeavesAbout } from "../rollback/run.ts";
import { type RegressionMark, type RollbackMark, readFact } from "./filed-fact.ts";
import {
  planSubject,
  regressionsSubject,
  rollbackScope,
  rollbacksSubject,
  rolloutSubject,
} from "./mark-subject.ts";

const hourMs = 3_600_000;
/** The last checks of a roll-out that a decision is told of. */
export const checksMax = 50;
const checksSinceMs = hourMs;
const rollbacksMax = 100;
const rollbacksSinceMs = 30 * 24 * hourMs;
const regressionsMax = 100;
const regressionsSinceMs = hourMs / 4;

type Release = DecisionRequest["release"];
type BeganMark = Extract<RollbackMark, { event: "began" }>;
type EndedMark = Extract<RollbackMark, { event: "ended" }>;

export async function loadHistory(
  reader: RecordReader,
  release: Release,
  nowMs: number,
): Promise<RecordedHistory> {
  const find = (subject: string, sinceMs: number, limit: number) =>
    reader.findMarks(subject, nowMs - sinceMs, limit);
  const [checks, rollbacks, regressions, lease] = await Promise.all([
    find(rolloutSubject(release), checksSinceMs, checksMax),
    find(rollbacksSubject(release), rollbacksSinceMs, rollbacksMax),
    find(regressionsSubject(release.env), regressionsSinceMs, regressionsMax),
    reader.findLease(rollbackScope(release)),
  ]);
  return {
    ...describeChecks(checks),
    ...describeRollbacks(rollbacks, release),
    ...describeRegressions(regressions, release),
    ...(await describeActive(reader, lease, nowMs)),
  };
}

/** Of a rollback that nobody has given up on; its state is what its steps on record come to now. */
async function describeActive(
  reader: RecordReader,
  lease: Lease | undefined,
  nowMs: number,
): Promise<Partial<RecordedHistory>> {
  if (lease === undefined || isForgotten(lease, nowMs)) return {};
  const fact = readFact.lease(lease.value);
  const { plan } = fact;
  const leaves = await loadLeavesAbout(reader, planSubject(lease.holder));
  const { progress } = followRun(plan ?? { steps: [] }, leaves, lease.takenAtMs, nowMs);
  const { state } = progress;
  return {
    active_rollback: {
      ...fact,
      state: state === "done" ? "verifying" : state,
      renewed_at_ms: lease.renewedAtMs,
      expires_ms: lease.expiresAtMs,
    },
  };
}

function describeChecks(marks: readonly FoundMark[]): Partial<RecordedHistory> {
  const [latest] = marks;
  if (latest === undefined) return {};
  const checks = marks.toReversed().map((mark) => ({
    at_ms: mark.timeMs,
    ...readFact.check(mark.value),
  }));
  const { verdict } = readFact.check(latest.value);
  return { checks, last_decision: { decision: verdict, at_ms: latest.timeMs } };
}

/** Newest first, one for each run of a plan, with how it ended where it has. */
function describeRollbacks(
  marks: readonly FoundMark[],
  { candidate }: Release,
): Partial<RecordedHistory> {
  if (marks.length === 0) return {};
  const runs: { began: BeganMark; end?: EndedMark }[] = [];
  for (const fact of marks.toReversed().map((mark) => readFact.rollback(mark.value))) {
    if (fact.event === "began") runs.push({ began: fact });
    else {
      // The last word on the last run of that plan: what had not recovered may have later.
      const run = runs.findLast(({ began }) => began.plan_id === fact.plan_id);
      if (run !== undefined) run.end = fact;
    }
  }
  const rollbacks = runs.toReversed().map(({ began, end }) => {
    const { event: _event, plan_id: _plan, ...known } = began;
    return end === undefined
      ? { ...known, result: "unknown" as const }
      : { ...known, result: end.result, duration_s: end.duration_s };
  });
  const digests = rollbacks.flatMap(({ from_digest: digest }) => digest ?? []);
  return {
    rollbacks,
    bad_digests: [...new Set(digests)],
    ...(candidate.digest === undefined
      ? {}
      : { attempts_of_digest: digests.filter((digest) => digest === candidate.digest).length }),
  };
}

/** The newest of each other service. */
function describeRegressions(
  marks: readonly FoundMark[],
  { service: own }: Release,
): Partial<RecordedHistory> {
  const newest = new Map<string, RegressionMark & { readonly at_ms: number }>();
  for (const mark of marks) {
    const fact = readFact.regression(mark.value);
    if (fact.service === own || newest.has(fact.service)) continue;
    newest.set(fact.service, { ...fact, at_ms: mark.timeMs });
  }
  return newest.size === 0 ? {} : { regressions: [...newest.values()] };
}
