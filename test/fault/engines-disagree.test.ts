/**
 * @module A compiled engine that lies now and then, beside OPA's interpreter: what a fault in either
 * would look like. The whole of Belay runs, its record and its toolchain included.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { readLibrary } from "../../src/bundle/pack-directory.ts";
import { loadBundleFile } from "../../src/compose.ts";
import type { DisagreementLeaf } from "../../src/log/entry.ts";
import { createAbiEvaluator } from "../../src/rego/abi/abi-evaluator.ts";
import { findBuiltin } from "../../src/rego/builtins/find-builtin.ts";
import type { Toolchain } from "../../src/rego/toolchain/toolchain.ts";
import { createToolchain } from "../../src/rego/toolchain/wasi-toolchain.ts";
import { createBelay, type LeadingBelay } from "../../src/service/create-belay.ts";
import type { Disagreement } from "../../src/service/crosschecker.ts";
import type { CrosscheckMode } from "../../src/service/crosschecking.ts";
import type { CreateEvaluator } from "../../src/service/engine.ts";
import {
  openSqliteRecordStore,
  type SqliteRecordStore,
} from "../../src/store/sqlite/sqlite-record-store.ts";

const caller = { subject: "test", auth: "none" };
const request: unknown = JSON.parse(
  readFileSync(new URL("../../examples/requests/rollback.json", import.meta.url), "utf8"),
);
const toolchain = createToolchain();
const directories: string[] = [];

afterAll(() => toolchain.close());

const honest: CreateEvaluator = (wasm, data) => createAbiEvaluator(wasm, data, findBuiltin);

/** Says that all is well wherever the rules say roll back. */
const lying: CreateEvaluator = (wasm, data) => {
  const evaluator = honest(wasm, data);
  return {
    entrypoints: evaluator.entrypoints,
    evaluate(asked) {
      const evaluation = evaluator.evaluate(asked);
      if (!evaluation.ok || evaluation.result?.includes('"rollback"') !== true) return evaluation;
      const clear = { verdict: "allow", code: "CLEAR", row: 7, findings: [], errors: [] };
      return { ...evaluation, result: JSON.stringify({ ...clear, policies: {} }) };
    },
  };
};

interface Started {
  readonly belay: LeadingBelay;
  readonly store: SqliteRecordStore;
  readonly alerts: Disagreement[];
}

async function start(
  crosscheck: CrosscheckMode,
  createEvaluator: CreateEvaluator,
  asked: Toolchain = toolchain,
): Promise<Started> {
  const directory = mkdtempSync(join(tmpdir(), "belay-disagree-"));
  directories.push(directory);
  const store = await openSqliteRecordStore({ directory });
  const alerts: Disagreement[] = [];
  const belay = await createBelay(
    {
      store,
      toolchain: { ...asked, close: async () => undefined },
      createEvaluator,
      library: readLibrary(),
      versions: { belay: "0.0.0", opa: toolchain.opaVersion },
      clockMs: Date.now,
      decidesElsewhere: false,
      crosscheck,
      onDisagreement: (disagreement) => alerts.push(disagreement),
    },
    { fallback: loadBundleFile() },
  );
  return { belay, store, alerts };
}

async function disagreements(store: SqliteRecordStore): Promise<DisagreementLeaf[]> {
  const entries = await store.listEntries({ kind: "disagreement", limit: 100 });
  return entries.map(({ leaf }) => leaf as DisagreementLeaf);
}

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

describe("every decision checked before it is answered", () => {
  test("engines that agree leave the decision as it is", async () => {
    const { belay, store, alerts } = await start("always", honest);
    const { decision } = await belay.decide({ request, caller });
    expect(decision.verdict).toBe("rollback");
    expect(decision.provenance.doubt).toBeUndefined();
    expect(belay.crosscheckCounts).toEqual({ agreed: 1, disagreed: 0, failed: 0 });
    expect(await disagreements(store)).toEqual([]);
    expect(alerts).toEqual([]);
    await belay.close();
  });

  test("a disagreement is escalate, an entry and an alert, and replays to the same bytes", async () => {
    const { belay, store, alerts } = await start("always", lying);
    const { decision } = await belay.decide({ request, caller });
    expect(decision).toMatchObject({ verdict: "escalate", code: "POLICY_ERROR" });
    expect(decision.provenance.doubt).toMatch(/^the two engines disagree: .*\/verdict is "allow"/);
    expect(decision.summary).toContain("the two engines disagree");
    const id = decision.provenance.decision_id;
    const { revision } = belay.health();
    expect(alerts).toMatchObject([{ decision: id, revision }]);
    expect(await disagreements(store)).toMatchObject([
      { decision: id, compiled: "allow", interpreted: "rollback", bundle: { revision } },
    ]);
    expect(await belay.replay(id)).toMatchObject({ same: true, differences: [] });
    expect(await belay.verifyRecord()).toMatchObject({ ok: true });
    await belay.close();
  });

  test("an interpreter that gives no answer is escalate, never allow", async () => {
    const hasty = createToolchain({ deadlineMs: 1 });
    const { belay, store } = await start("always", lying, hasty);
    const { decision } = await belay.decide({ request, caller });
    expect(decision.verdict).toBe("escalate");
    expect(decision.provenance.doubt).toMatch(/^the second engine gave no answer: /);
    expect(belay.crosscheckCounts).toMatchObject({ failed: 1 });
    expect(await disagreements(store)).toEqual([]);
    await belay.close();
    await hasty.close();
  });
});

test("a sample is checked after it was answered, and what it finds is on record", async () => {
  const { belay, store, alerts } = await start("sampled", lying);
  for (let asked = 0; asked < 2_000 && belay.crosscheckCounts.disagreed === 0; asked += 1) {
    const { decision } = await belay.decide({ request, caller });
    expect(decision.verdict).toBe("allow");
  }
  expect(belay.crosscheckCounts).toMatchObject({ agreed: 0 });
  expect(alerts.length).toBeGreaterThan(0);
  const found = await disagreements(store);
  expect(found[0]).toMatchObject({ compiled: "allow", interpreted: "rollback" });
  const { decision } = await belay.loadDecision(found[0]?.decision ?? "");
  expect(decision.verdict).toBe("allow");
  await belay.close();
});

test("switched off, nothing is asked", async () => {
  const { belay } = await start("off", lying, {
    ...toolchain,
    eval: () => Promise.reject(new Error("asked")),
  });
  expect((await belay.decide({ request, caller })).decision.verdict).toBe("allow");
  expect(belay.crosscheckCounts).toEqual({ agreed: 0, disagreed: 0, failed: 0 });
  await belay.close();
});
