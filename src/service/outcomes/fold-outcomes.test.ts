import { describe, expect, test } from "vitest";
import type { Plan } from "../../decision/plan/plan-schema.ts";
import { foldOutcomes } from "./fold-outcomes.ts";
import type { DecisionFact, OutcomeFact } from "./outcome-fact.ts";

const startMs = 1_767_225_600_000;
const at = (seconds: number) => startMs + seconds * 1_000;
const nowMs = at(400_000);

function stepOf(id: string, ...dependsOn: string[]): Plan["steps"][number] {
  return {
    id,
    action: "artifact_revert",
    service: "shop",
    depends_on: dependsOn,
    idempotency_key: id,
    reversible: true,
    point_of_no_return: false,
    precondition: [],
    success: [],
    timeout_s: 600,
    on_failure: "halt",
  };
}

const plan = { plan_id: "p1", steps: [stepOf("1-revert"), stepOf("2-verify", "1-revert")] };

function decided(seconds: number, more: Partial<DecisionFact> = {}): DecisionFact {
  return {
    kind: "decision",
    id: `d${seconds}`,
    at_ms: at(seconds),
    service: "shop",
    release: "shop 2.0.0",
    verdict: "allow",
    isVerification: false,
    isRegression: false,
    hasFailedCheck: false,
    ...more,
  };
}

const rollback = {
  verdict: "rollback",
  policy: "canary_compare",
  isRegression: true,
  plan,
} as const;

function reported(
  seconds: number,
  step: string,
  state: "started" | "succeeded" | "failed",
): OutcomeFact {
  return {
    kind: "step",
    at_ms: at(seconds),
    decision: "d60",
    plan_id: "p1",
    step,
    state,
    attempt: 1,
  };
}

function verified(
  seconds: number,
  outcome: "recovered" | "not_yet" | "not_recovered",
): OutcomeFact {
  return { kind: "verification", at_ms: at(seconds), decision: "d60", plan_id: "p1", outcome };
}

const carriedOut = [
  reported(100, "1-revert", "started"),
  reported(160, "1-revert", "succeeded"),
  reported(170, "2-verify", "started"),
  reported(200, "2-verify", "succeeded"),
];

describe("outcomes", () => {
  test("a rollback that was verified: how long it took, and recovery from the first regression on", () => {
    const facts = [
      decided(0),
      decided(60, rollback),
      decided(90, rollback),
      ...carriedOut,
      verified(220, "not_yet"),
      decided(220, { isVerification: true, verdict: "escalate", level: "wait" }),
      verified(300, "recovered"),
    ];
    const { total, services, policies } = foldOutcomes(facts, { nowMs });
    expect(total).toEqual({
      decisions: { allow: 1, rollback: 2, escalate: 0 },
      rollbacks: { began: 1, succeeded: 1, failed: 0, under_way: 0, followed_by_inconsistency: 0 },
      rollback_lengths: { n: 1, median_s: 200, p90_s: 200 },
      recovery_lengths: { n: 1, median_s: 240, p90_s: 240 },
      escalations: { asked: 0, proceed: 0, hold: 0, rollback: 0, break_glass: 0, unanswered: 0 },
    });
    expect(services).toEqual({ shop: total });
    expect(policies["canary_compare"]).toMatchObject({ decisions: { allow: 0, rollback: 2 } });
  });

  test.each([
    [
      "a step failed for good",
      [reported(100, "1-revert", "started"), reported(160, "1-revert", "failed")],
    ],
    ["a step was never heard of again", [reported(100, "1-revert", "started")]],
    ["it has not recovered", [...carriedOut, verified(300, "not_recovered")]],
  ])("failed: %s", (_, after) => {
    const { total } = foldOutcomes([decided(60, rollback), ...after], { nowMs });
    expect(total.rollbacks).toMatchObject({ began: 1, succeeded: 0, failed: 1, under_way: 0 });
    expect(total).not.toHaveProperty("recovery_lengths");
  });

  test("recovered at last is a success, and recovered before the last step is none yet", () => {
    const early = [decided(60, rollback), ...carriedOut.slice(0, 2), verified(165, "recovered")];
    expect(foldOutcomes(early, { nowMs: at(180) }).total.rollbacks).toMatchObject({ under_way: 1 });
    const late = [
      decided(60, rollback),
      ...carriedOut,
      verified(300, "not_recovered"),
      verified(400, "recovered"),
    ];
    expect(foldOutcomes(late, { nowMs }).total.rollbacks).toMatchObject({
      succeeded: 1,
      failed: 0,
    });
  });

  test("the same plan carried out again is another rollback", () => {
    const again = carriedOut.map((fact) => ({ ...fact, at_ms: fact.at_ms + 7_200_000 }));
    const facts = [decided(60, rollback), ...carriedOut, verified(300, "recovered"), ...again];
    expect(foldOutcomes(facts, { nowMs: at(7_500) }).total.rollbacks).toMatchObject({
      began: 2,
      succeeded: 1,
      under_way: 1,
    });
  });

  test("a plan that halted and is begun anew is another rollback", () => {
    const halted = [reported(100, "1-revert", "started"), reported(160, "1-revert", "failed")];
    const anew = carriedOut.map((fact) => ({ ...fact, at_ms: fact.at_ms + 300_000 }));
    const facts = [decided(60, rollback), ...halted, ...anew, verified(600, "recovered")];
    expect(foldOutcomes(facts, { nowMs }).total.rollbacks).toMatchObject({
      began: 2,
      succeeded: 1,
      failed: 1,
    });
  });

  test("an escalation is one question however often it is asked, and its last answer counts", () => {
    const asked = { verdict: "escalate", level: "page", policy: "governance", plan } as const;
    const answer = { kind: "resolution", decision: "d60", plan_id: "p1" } as const;
    const facts: OutcomeFact[] = [
      decided(60, asked),
      decided(120, asked),
      { ...answer, at_ms: at(130), choice: "hold", break_glass: false },
      { ...answer, at_ms: at(140), choice: "rollback", break_glass: false },
      decided(200, { verdict: "escalate", level: "notify" }),
      decided(260, { verdict: "escalate", level: "wait" }),
    ];
    const { total } = foldOutcomes(facts, { nowMs });
    expect(total.escalations).toMatchObject({ asked: 2, rollback: 1, hold: 0, unanswered: 1 });
    const broken: OutcomeFact = {
      ...answer,
      at_ms: at(300),
      choice: "rollback",
      break_glass: true,
    };
    expect(foldOutcomes([...facts, broken], { nowMs }).total.escalations).toMatchObject({
      rollback: 0,
      break_glass: 1,
    });
  });

  test.each([
    ["within a day", 86_500, "shop", 1],
    ["after more than a day", 86_501, "shop", 0],
    ["of another service", 300, "search", 0],
    ["before it began", 90, "shop", 0],
  ])("a failed check of the data %s", (_, seconds, service, want) => {
    const check = decided(seconds, { service, hasFailedCheck: true });
    const facts = [decided(60, rollback), ...carriedOut, check].toSorted(
      (a, b) => a.at_ms - b.at_ms,
    );
    expect(foldOutcomes(facts, { nowMs }).total.rollbacks.followed_by_inconsistency).toBe(want);
  });

  test("of one service, and since a time", () => {
    const facts = [
      decided(0),
      decided(60, rollback),
      ...carriedOut,
      decided(500, { service: "search" }),
    ];
    expect(foldOutcomes(facts, { nowMs, service: "search" }).total.decisions).toEqual({
      allow: 1,
      rollback: 0,
      escalate: 0,
    });
    const late = foldOutcomes(facts, { nowMs, sinceMs: at(90) });
    expect(late.total.decisions).toEqual({ allow: 1, rollback: 0, escalate: 0 });
    expect(late.total.rollbacks.began).toBe(1);
    expect(Object.keys(late.services)).toEqual(["search", "shop"]);
  });

  test("lengths are some that were seen: the median of four is the second, nine of ten are within the ninth", () => {
    const facts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((round) => {
      const [offset, plan_id] = [round * 10_000, `p${round}`];
      const own = decided(60 + offset, {
        ...rollback,
        plan: { ...plan, plan_id },
        release: plan_id,
      });
      const moved = [...carriedOut, verified(200 + round, "recovered")].map((fact) => ({
        ...fact,
        at_ms: fact.at_ms + offset * 1_000,
        decision: own.id,
        plan_id,
      })) as OutcomeFact[];
      return [own, ...moved];
    });
    expect(foldOutcomes(facts, { nowMs }).total.rollback_lengths).toEqual({
      n: 10,
      median_s: 105,
      p90_s: 109,
    });
  });
});
