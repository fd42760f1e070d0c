import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { composeBelay } from "../../src/compose.ts";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { type Answered, type StartedApp, startApp } from "./started-app.ts";

let server: StartedApp;
let count = 0;
let service = "";

beforeAll(async () => {
  server = await startApp();
});
beforeEach(() => {
  count += 1;
  service = `shop-${count}`;
});
afterAll(() => server.close());

const worse = [
  { id: "errors", sli: "availability", bad: 60, total: 1_000 },
  { id: "errors", sli: "availability", population: "stable", bad: 90, total: 9_000 },
];
const healthy = [
  { id: "errors", sli: "availability", population: "candidate", bad: 1, total: 5_000 },
  { id: "errors", sli: "availability", population: "stable", bad: 2, total: 9_000 },
];

interface Planned {
  readonly id: string;
  readonly plan_id: string;
  readonly steps: readonly { readonly id: string; readonly action: string }[];
  readonly verdict: string;
}

function requestOf(version: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    release: {
      service,
      // Regressions all over one environment would have a common cause.
      env: `environment-${count}`,
      candidate: { version },
      stable: { version: "1.0.0" },
      ...(more["release"] as object),
    },
    health: { signals: worse },
    ...("migrations" in more ? { migrations: more["migrations"] } : {}),
  };
}

async function decide(request: unknown): Promise<Planned> {
  const { status, json } = await server.ask("POST", "/v1/decisions", { json: request });
  expect(status).toBe(200);
  const { provenance, plan, verdict } = json as {
    provenance: { decision_id: string };
    plan?: { plan_id: string; steps: Planned["steps"] };
    verdict: string;
  };
  return {
    id: provenance.decision_id,
    verdict,
    plan_id: plan?.plan_id ?? "",
    steps: plan?.steps ?? [],
  };
}

function report(
  id: string,
  step: string,
  body: Record<string, unknown>,
  caller = "pipeline",
): Promise<Answered> {
  const headers = { "belay-caller": caller };
  return server.ask("POST", `/v1/decisions/${id}/steps/${step}`, { json: body, headers });
}

async function carryOut({ id, steps }: Planned): Promise<void> {
  for (const step of steps) {
    for (const state of ["started", "succeeded"]) {
      const { status, text } = await report(id, step.id, { state });
      expect([status, text.slice(0, 300)]).toEqual([200, expect.anything()]);
    }
  }
}

describe("carrying out a plan", () => {
  test("step by step, told each time what may come next, and closed once it is verified", async () => {
    const planned = await decide(requestOf("2.0.0"));
    expect(planned.verdict).toBe("rollback");
    const [first] = planned.steps;
    const pending = await server.ask("GET", `/v1/decisions/${planned.id}/progress`);
    expect(pending.json).toMatchObject({ state: "pending", next: [first?.id] });
    await carryOut(planned);
    const done = await server.ask("GET", `/v1/decisions/${planned.id}/progress`);
    expect(done.json).toMatchObject({ state: "done", next: [], escalates: false });

    const verification = `/v1/decisions/${planned.id}/verification`;
    const early = await server.ask("POST", verification, { json: { health: { signals: worse } } });
    expect(early.json).toMatchObject({ outcome: expect.stringMatching(/not_/) });
    const late = await server.ask("POST", verification, { json: { health: { signals: healthy } } });
    expect(late.json).toMatchObject({ outcome: "recovered", rollback: { state: "closed" } });
    const closed = await server.ask("GET", `/v1/decisions/${planned.id}/progress`);
    expect(closed.json).toMatchObject({ state: "closed", verified: { outcome: "recovered" } });
  });

  test("a report that comes again has no second effect", async () => {
    const planned = await decide(requestOf("2.0.0"));
    const step = planned.steps[0]?.id ?? "";
    const before = (await server.belay.readHead()).treeSize;
    const answers = await Promise.all(
      [1, 2, 3].map(() => report(planned.id, step, { state: "started", attempt: 1 })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = await report(planned.id, step, { state: "started", attempt: 1 });
    expect(again.json).toMatchObject({ repeated: true, state: "running" });
    expect((await server.belay.readHead()).treeSize).toBe(before + 1);
  });

  test("out of order is refused, with what comes first", async () => {
    const planned = await decide(requestOf("2.0.0"));
    const [first, second] = planned.steps;
    const early = await report(planned.id, second?.id ?? "", { state: "started" });
    expect([early.status, early.json["code"]]).toEqual([409, "step-out-of-order"]);
    expect(early.json["detail"]).toContain(`waits for ${first?.id}`);
    const nosuch = await report(planned.id, "99-nothing", { state: "started" });
    expect([nosuch.status, nosuch.json["code"]]).toEqual([404, "step-not-found"]);
    const malformed = await report(planned.id, first?.id ?? "", { state: "begun" });
    expect(malformed.status).toBe(422);
  });

  test("a second gate gets the same plan, and another plan is refused by its holder's name", async () => {
    const planned = await decide(requestOf("2.0.0"));
    await report(planned.id, planned.steps[0]?.id ?? "", { state: "started" }, "argo");
    const second = await decide({ ...requestOf("2.0.0"), flags: [{ key: "beta" }] });
    expect(second.plan_id).toBe(planned.plan_id);
    const shared = await server.ask("GET", `/v1/decisions/${second.id}/progress`);
    expect(shared.json).toMatchObject({ state: "running" });

    const other = await decide(requestOf("3.0.0"));
    if (other.plan_id === "") throw new Error("there is no plan to try");
    await server.ask("POST", `/v1/decisions/${other.id}/resolution`, {
      json: { choice: "rollback", plan_id: other.plan_id, role: "sre", reason: "both are bad" },
      headers: { "belay-caller": "ann" },
    });
    const refused = await report(other.id, other.steps[0]?.id ?? "", { state: "started" });
    expect([refused.status, refused.json["code"]]).toEqual([409, "plan-held"]);
    expect(refused.json).toMatchObject({ holder: "argo", plan_id: planned.plan_id });
  });

  test("a plan that has halted stays so until people agree to begin it anew", async () => {
    const planned = await decide(requestOf("2.0.0"));
    const [revert, verify] = planned.steps;
    await carryOut({ ...planned, steps: planned.steps.slice(0, 1) });
    await report(planned.id, verify?.id ?? "", { state: "started" });
    const failed = await report(planned.id, verify?.id ?? "", { state: "failed" });
    expect(failed.json).toMatchObject({ state: "halted", next: [], escalates: true });
    const refused = await report(planned.id, revert?.id ?? "", { state: "started", attempt: 2 });
    expect(refused.json["detail"]).toContain("the plan has halted");

    const asked = await decide(requestOf("2.0.0"));
    expect([asked.verdict, asked.plan_id]).toEqual(["escalate", planned.plan_id]);
    await server.ask("POST", `/v1/decisions/${asked.id}/resolution`, {
      json: { choice: "rollback", plan_id: asked.plan_id, role: "sre", reason: "mended" },
      headers: { "belay-caller": "ann" },
    });
    const anew = await server.ask("GET", `/v1/decisions/${asked.id}/progress`);
    expect(anew.json).toMatchObject({ state: "pending", next: [revert?.id] });
    await carryOut(asked);
    expect(await historyOf((await decide(requestOf("2.0.0"))).id)).toMatchObject({
      rollbacks: [{ result: "unknown" }, { result: "failed" }],
    });
  });

  test("a service that is worse afterwards halts the plan", async () => {
    const planned = await decide(requestOf("2.0.0"));
    await carryOut({ ...planned, steps: planned.steps.slice(0, 1) });
    const worst = [{ id: "errors", sli: "availability", bad: 900, total: 1_000 }];
    const { json } = await server.ask("POST", `/v1/decisions/${planned.id}/verification`, {
      json: { health: { signals: worst } },
    });
    expect(json).toMatchObject({
      outcome: "not_recovered",
      rollback: {
        state: "halted",
        next: [],
        escalates: true,
        why: expect.stringContaining("not recovered"),
      },
    });
  });

  test("another process goes on where the first one stopped", async () => {
    const first = await startApp();
    const answered = await first.ask("POST", "/v1/decisions", { json: requestOf("2.0.0") });
    const { provenance, plan } = answered.json as never as {
      provenance: { decision_id: string };
      plan: { steps: { id: string }[] };
    };
    const path = `/v1/decisions/${provenance.decision_id}/steps/${plan.steps[0]?.id}`;
    await first.ask("POST", path, { json: { state: "started" } });
    await first.belay.close();
    const second = await composeBelay({ dataDirectory: first.directory });
    const state = await second.loadRollback(provenance.decision_id);
    await second.close();
    await first.close();
    expect(state).toMatchObject({
      state: "running",
      steps: [{ state: "running", attempt: 1 }, {}],
    });
  });

  test("a decision without a plan has nothing to carry out", async () => {
    const { id } = await decide({ ...requestOf("2.0.0"), health: { signals: healthy } });
    const refused = await report(id, "1-x", { state: "started" });
    expect([refused.status, refused.json["code"]]).toEqual([404, "plan-not-found"]);
    const verification = await server.ask("POST", `/v1/decisions/${id}/verification`, {
      json: { health: {} },
    });
    expect(verification.json["code"]).toBe("plan-not-found");
  });
});

describe("answering an escalation", () => {
  const irreversible = [{ id: "0042", phase: "contract", state: "applied", reversible: "no" }];

  function answer(id: string, json: Record<string, unknown>, caller?: string): Promise<Answered> {
    const headers: Record<string, string> = caller === undefined ? {} : { "belay-caller": caller };
    const body = { role: "release-manager", reason: "looked at the data", ...json };
    return server.ask("POST", `/v1/decisions/${id}/resolution`, { json: body, headers });
  }

  test("a hold in the plan waits until somebody else than the author agrees to that plan", async () => {
    const release = { author: "eve" };
    const planned = await decide(requestOf("2.0.0", { release, migrations: irreversible }));
    const hold = planned.steps.find(({ action }) => action === "hold");
    expect(hold).toBeDefined();
    const rollback = { choice: "rollback", plan_id: planned.plan_id };

    const unnamed = await answer(planned.id, rollback);
    expect(unnamed.json["code"]).toBe("caller-unknown");
    const other = await answer(
      planned.id,
      { ...rollback, plan_id: `sha256:${"0".repeat(64)}` },
      "ann",
    );
    expect([other.status, other.json["code"]]).toEqual([409, "plan-mismatch"]);
    const own = await answer(planned.id, rollback, "eve");
    expect(own.json).toMatchObject({
      resolved: { by: ["eve"], missing: expect.stringContaining("somebody else") },
    });
    const agreed = await answer(planned.id, rollback, "ann");
    expect(agreed.json).toMatchObject({ resolved: { choice: "rollback", by: ["eve", "ann"] } });
    await carryOut(planned);
  });

  test("two people for tier 0, and one alone only by breaking the glass", async () => {
    const release = { tier: 0 };
    const planned = await decide(requestOf("2.0.0", { release, migrations: irreversible }));
    const rollback = { choice: "rollback", plan_id: planned.plan_id };
    const one = await answer(planned.id, rollback, "ann");
    expect(one.json).toMatchObject({ resolved: { missing: "1 more person has to agree" } });
    const tooLong = { ...rollback, break_glass: true, expires_ms: Date.now() + 7_200_000 };
    expect((await answer(planned.id, tooLong, "ann")).status).toBe(422);
    const broken = await answer(planned.id, { ...rollback, break_glass: true }, "ann");
    expect(broken.json).toMatchObject({ resolved: { choice: "rollback", break_glass: true } });
    expect(server.logLines.some((line) => line.includes('"break_glass":true'))).toBe(true);
  });

  test("without a plan there is no rollback to agree to", async () => {
    const blind = await decide({ ...requestOf("2.0.0"), health: { signals: [] } });
    expect([blind.verdict, blind.plan_id]).toEqual(["escalate", ""]);
    const refused = await answer(blind.id, { choice: "rollback" }, "ann");
    expect([refused.status, refused.json["code"]]).toEqual([409, "plan-mismatch"]);
    const held = await answer(blind.id, { choice: "hold" }, "ann");
    expect(held.json).toMatchObject({ state: "none", resolved: { choice: "hold", by: ["ann"] } });
  });

  test("where no human was asked there is nothing to answer", async () => {
    const { id } = await decide({ ...requestOf("2.0.0"), health: { signals: healthy } });
    const refused = await answer(id, { choice: "proceed" }, "ann");
    expect([refused.status, refused.json["code"]]).toEqual([409, "nothing-to-resolve"]);
  });
});

async function historyOf(id: string): Promise<Record<string, unknown>> {
  const reader = await openSqliteRecordReader({ directory: server.directory });
  const entry = await reader.findEntry(id);
  await reader.close();
  const { history } = JSON.parse(entry?.body?.input ?? "{}") as {
    history: Record<string, unknown>;
  };
  return history;
}

describe("history comes from the record", () => {
  test("earlier checks of the roll-out, and what was in breach", async () => {
    const first = await decide(requestOf("2.0.0"));
    expect(await historyOf(first.id)).not.toHaveProperty("checks");
    await decide({ ...requestOf("2.0.0"), health: { signals: healthy } });
    const third = await decide(requestOf("2.0.0"));
    expect(await historyOf(third.id)).toMatchObject({
      checks: [
        { verdict: "rollback", breached: [{ signal: "errors", service }] },
        { breached: [] },
      ],
      last_decision: { at_ms: expect.any(Number) },
    });
    const other = await decide(requestOf("2.0.1"));
    expect(await historyOf(other.id)).not.toHaveProperty("checks");
  });

  test("the rollback under way, and then that it was one, with its digest", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const release = { candidate: { version: "2.0.0", digest } };
    const planned = await decide(requestOf("2.0.0", { release }));
    await report(planned.id, planned.steps[0]?.id ?? "", { state: "started" }, "argo");
    const during = await decide(requestOf("2.0.0", { release }));
    expect(await historyOf(during.id)).toMatchObject({
      active_rollback: {
        plan_id: planned.plan_id,
        holder: "argo",
        state: "running",
        decision_id: planned.id,
        before: [{ signal: "errors", service, bad: 60, total: 1_000 }],
      },
      rollbacks: [{ from_digest: digest, result: "unknown", decision_id: planned.id }],
      bad_digests: [digest],
      attempts_of_digest: 1,
    });
    await report(planned.id, planned.steps[0]?.id ?? "", { state: "succeeded" });
    await carryOut({ ...planned, steps: planned.steps.slice(1) });
    const json = { health: { signals: healthy } };
    await server.ask("POST", `/v1/decisions/${planned.id}/verification`, { json });
    const after = await decide(requestOf("2.1.0"));
    const history = await historyOf(after.id);
    expect(history).toMatchObject({ rollbacks: [{ result: "succeeded" }] });
    expect(history).not.toHaveProperty("active_rollback");
  });

  test("regressions of other services in the environment, the newest of each", async () => {
    const other = service;
    await decide(requestOf("2.0.0"));
    await decide(requestOf("2.0.1"));
    service = `${service}-neighbour`;
    const { id } = await decide({ ...requestOf("1.1.0"), health: { signals: healthy } });
    const { regressions } = (await historyOf(id)) as { regressions: { service: string }[] };
    expect(regressions.filter((one) => one.service === other)).toEqual([
      { service: other, code: "CANARY_WORSE", at_ms: expect.any(Number) },
    ]);
  });

  test("what only happened in shadow is no history", async () => {
    const shadow = { ...requestOf("2.0.0"), request: { mode: "shadow" } };
    await decide(shadow);
    const { id } = await decide(requestOf("2.0.0"));
    expect(await historyOf(id)).not.toHaveProperty("checks");
  });
});
