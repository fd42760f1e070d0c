import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeBelay, readOutcomesIn } from "../../compose.ts";
import { openSqliteRecordReader } from "../../store/sqlite/sqlite-record-reader.ts";
import { readOutcomes } from "./read-outcomes.ts";

const startMs = 1_767_225_600_000;
const caller = { subject: "argo", auth: "loopback-header" };
let directory = "";

function requestOf(service: string, bad: number, mode = "enforce") {
  return {
    request: { mode },
    release: { service, candidate: { version: "2.0.0" }, stable: { version: "1.9.0" } },
    health: healthOf(bad),
    data_integrity: { checks: [{ id: "orders", kind: "duplicate", status: "ok" }] },
  };
}

function healthOf(bad: number) {
  return {
    signals: [
      { id: "errors", sli: "availability", bad, total: 2_000 },
      { id: "errors", sli: "availability", population: "stable", bad: 9, total: 18_000 },
    ],
  };
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "belay-outcomes-"));
  let nowMs = startMs;
  const belay = await composeBelay({ dataDirectory: directory, clockMs: () => nowMs });
  try {
    const { decision } = await belay.decide({ request: requestOf("shop", 120), caller });
    const id = decision.provenance.decision_id;
    for (const { id: step } of decision.plan?.steps ?? []) {
      for (const state of ["started", "succeeded"] as const) {
        nowMs += 30_000;
        await belay.reportStep(id, { step, state, caller });
      }
    }
    await belay.verifyRollback(id, { health: healthOf(1), caller });
    await belay.decide({ request: requestOf("shop", 120, "shadow"), caller });
    nowMs += 86_400_000;
    await belay.decide({ request: requestOf("search", 1), caller });
  } finally {
    await belay.close();
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("from a record as the use cases write it; what was in shadow does not count", async () => {
  const { total, services, policies } = await readOutcomesIn(directory, { nowMs: Date.now() });
  expect(total).toMatchObject({
    decisions: { allow: 1, rollback: 1, escalate: 0 },
    rollbacks: { began: 1, succeeded: 1, failed: 0, followed_by_inconsistency: 0 },
    rollback_lengths: { n: 1, median_s: 90 },
    recovery_lengths: { n: 1, median_s: 120 },
  });
  expect(Object.keys(services)).toEqual(["search", "shop"]);
  expect(policies["canary_compare"]).toMatchObject({ decisions: { rollback: 1 } });
});

test("since a time, a rollback begun before is not counted, nor lost where it began after", async () => {
  const late = await readOutcomesIn(directory, { nowMs: Date.now(), sinceMs: startMs + 60_000 });
  expect(late.total).toMatchObject({
    decisions: { allow: 1, rollback: 0 },
    rollbacks: { began: 0 },
  });
  const early = await readOutcomesIn(directory, { nowMs: Date.now(), sinceMs: startMs + 30_000 });
  expect(early.total).toMatchObject({ decisions: { rollback: 0 }, rollbacks: { began: 1 } });
});

test.each([1, 2, 7, 8, 1_000])("the same, %i entries at a time", async (pageSize) => {
  const query = { nowMs: Date.now() };
  const reader = await openSqliteRecordReader({ directory });
  try {
    const read = await readOutcomes(reader, query, pageSize);
    expect(read).toEqual(await readOutcomesIn(directory, query));
  } finally {
    await reader.close();
  }
});

test("where there is no record", async () => {
  await expect(readOutcomesIn(join(directory, "nothing"), { nowMs: 1 })).rejects.toMatchObject({
    code: "file-unreadable",
  });
});
