import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { composeDrillGround, loadBundleFile } from "../../compose.ts";
import { parseDrill } from "./drill.ts";
import type { DrillResult } from "./drill-row.ts";
import { runDrill } from "./run-drill.ts";

const openBelay = composeDrillGround(loadBundleFile());

const base = `
description: a drill
start_ms: 1767225600000
base:
  release:
    service: shop
    candidate: { version: 2.0.0 }
    stable: { version: 1.9.0 }
    exposed_since_ms: start-30m
  migrations: []
others:
  next: { release: { candidate: { version: 2.1.0 } } }
timeline:
`;
const bad = `health:
      signals:
        - { id: errors, sli: availability, bad: 120, total: 2000 }
        - { id: errors, sli: availability, population: stable, bad: 9, total: 18000 }`;
const calm = bad.replace("bad: 120", "bad: 1");

async function run(timeline: string): Promise<DrillResult> {
  const parsed = parseDrill({ path: "a.yaml", text: `${base}${timeline}` });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return runDrill(openBelay, parsed.drill);
}

/** `at event: differences`, of the rows that came otherwise than wanted. */
function differencesOf({ rows }: DrillResult): string[] {
  return rows.flatMap(({ at_s: atS, row, differences }) =>
    differences.map((one) => `${atS} s, row ${row}: ${one}`),
  );
}

test("polls, steps and a verification make the history a server would have", async () => {
  const result = await run(`
  - at_s: 0
    ask: continue
    ${bad}
    want: { verdict: rollback, plan: [1-artifact_revert shop, 2-verify shop], data_loss: none }
  - { at_s: 30, step: { next: true, takes_s: 20 }, by: argo, want: { next: [2-verify] } }
  - { at_s: 60, step: { next: true, takes_s: 20 }, by: argo, want: { state: done } }
  - at_s: 120
    verify: true
    ${calm}
    want: { outcome: recovered, state: closed }
  - at_s: 180
    ask: continue
    for: next
    ${calm}
    want: { verdict: allow }
want_at_end: { state: closed }
`);
  expect(differencesOf(result)).toEqual([]);
  expect(result).toMatchObject({ as_wanted: 6, not_as_wanted: 0 });
  expect(result.rows.map(({ at_s: atS, event }) => `${atS} ${event}`)).toEqual([
    "0 ask continue",
    "30 step 1-artifact_revert started by argo",
    "50 step 1-artifact_revert succeeded by argo",
    "60 step 2-verify started by argo",
    "80 step 2-verify succeeded by argo",
    "120 verify",
    "180 ask continue",
    "180 at the end",
  ]);
  expect(result.rows.at(-1)?.summary).toBe("the record verifies, and its last decision replays");
});

test("what comes otherwise than wanted is told with its row, what was wanted and what came", async () => {
  const result = await run(`
  - at_s: 0
    ask: continue
    ${calm}
    want: { verdict: rollback, code: CANARY_WORSE, level: page, reasons: [A_B], says: hello }
  - { at_s: 60, look: true, want: { state: closed, next: [1-x] } }
`);
  expect(differencesOf(result)).toEqual([
    "0 s, row 15: verdict: want rollback, got allow",
    "0 s, row 15: code: want CANARY_WORSE, got CLEAR",
    "0 s, row 15: level: want page, got none",
    "0 s, row 15: reasons: want A_B, got none",
    "0 s, row 15: says: want `hello`, got `shop: carry on with 2.0.0: nothing speaks against it, 2 of 2 signals ok`",
    "60 s, row 22: state: want closed, got none",
    "60 s, row 22: next: want 1-x, got none",
  ]);
  expect(result).toMatchObject({ as_wanted: 1, not_as_wanted: 2 });
});

test("a refusal is part of the result, and wrong where nobody wanted it", async () => {
  const result = await run(`
  - at_s: 0
    ask: continue
    ${bad}
    want: { verdict: rollback }
  - { at_s: 10, step: { id: 2-verify, state: started }, want: { refused: step-out-of-order } }
  - { at_s: 20, step: { id: 2-verify, state: started } }
  - { at_s: 30, resolve: { choice: rollback }, by: ann }
  - { at_s: 40, step: { id: 1-artifact_revert, state: started }, want: { refused: plan-held } }
  - { at_s: 50, ask: continue, set: { release: { candidate: { version: 7 } } } }
`);
  expect(differencesOf(result)).toEqual([
    "20 s, row 23: refused: want none, got step-out-of-order: step `2-verify` waits for 1-artifact_revert",
    "30 s, row 24: refused: want none, got nothing-to-resolve: the verdict is rollback: no human was asked",
    "40 s, row 25: refused: want plan-held, got none",
    expect.stringMatching(
      /^50 s, row 26: refused: want none, got invalid-request: .*\/release\/candidate\/version/,
    ),
  ]);
});

test("releases of a drill share a record and an outage, and nothing else", async () => {
  const result = await run(`
  - { at_s: 0, outage: { signals: [errors], until_s: 60 } }
  - at_s: 10
    ask: continue
    ${bad}
    want: { verdict: escalate, reasons: [SIGNAL_UNUSABLE] }
  - at_s: 20
    ask: continue
    for: next
    ${bad}
    want: { verdict: escalate }
  - { at_s: 60, ask: continue, want: { verdict: rollback } }
  - { at_s: 70, ask: continue, for: next, want: { verdict: rollback } }
  - { at_s: 80, ask: continue, for: next, want: { same_plan_as: base } }
`);
  expect(differencesOf(result)).toEqual([
    expect.stringMatching(/^80 s, row 33: same_plan_as: want sha256/),
  ]);
});

test("no record is left behind", async () => {
  const { TMPDIR: before } = process.env;
  const own = mkdtempSync(join(tmpdir(), "belay-own-"));
  process.env["TMPDIR"] = own;
  try {
    await run("  - { at_s: 0, ask: continue, want: { verdict: escalate } }");
    expect(readdirSync(own)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(own, { recursive: true });
  }
});
