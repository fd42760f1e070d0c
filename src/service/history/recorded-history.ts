/**
 * @module What the record knows of a release before it is decided: earlier checks of the roll-out,
 * rollbacks of the service, regressions elsewhere, and the rollback under way. It becomes part of
 * the recorded input, so that a replay needs no record.
 */

import type { RecordedHistory } from "../../decision/normalise.ts";
import type { DecisionRequest } from "../../decision/request.ts";
import { foldProgress } from "../../decision/rollback/progress.ts";
import type { FoundMark, Lease, RecordReader } from "../../store/record-store.ts";
import { isForgotten, listReports } from "../rollback/run.ts";
import { type RegressionMark, readFact } from "./filed-fact.ts";
import {
  planSubject,
  regressionsSubject,
  rollbackScope,
  rollbacksSubject,
  rolloutSubject,
} from "./mark-subject.ts";

const hourMs = 3_600_000;
const checksMax = 50;
const checksSinceMs = hourMs;
const rollbacksMax = 100;
const rollbacksSinceMs = 30 * 24 * hourMs;
const regressionsMax = 100;
const regressionsSinceMs = hourMs / 4;

type Release = DecisionRequest["release"];

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
  const entries = await reader.listEntries({ subject: planSubject(lease.holder), limit: 1_000 });
  const reports = listReports(
    entries.map((entry) => entry.leaf),
    lease.takenAtMs,
  );
  const { state } = foldProgress(plan ?? { steps: [] }, reports, nowMs);
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

/** Newest first, one for each plan, with how it ended where it has. */
function describeRollbacks(
  marks: readonly FoundMark[],
  { candidate }: Release,
): Partial<RecordedHistory> {
  if (marks.length === 0) return {};
  const facts = marks.map((mark) => readFact.rollback(mark.value));
  const ends = new Map(
    facts.filter((fact) => fact.event === "ended").map((fact) => [fact.plan_id, fact]),
  );
  const rollbacks = facts
    .filter((fact) => fact.event === "began")
    .map(({ event: _event, plan_id, ...began }) => {
      const end = ends.get(plan_id);
      const { result, duration_s } = end ?? { result: "unknown" as const };
      return { ...began, result, ...(duration_s === undefined ? {} : { duration_s }) };
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
