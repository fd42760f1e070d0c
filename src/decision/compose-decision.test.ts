import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../base/canonical-json.ts";
import {
  answerWith,
  arbitraryAnswer,
  clear,
  compose,
  find,
  health,
  input,
  normalise,
  release,
  rollback,
} from "./compose/composition.arbitrary.ts";
import type { Composition } from "./compose-decision.ts";
import { decisionSchema } from "./decision.ts";
import { createPlan } from "./plan/create-plan.ts";
import { arbitraryReleaseGraph } from "./plan/release-graph.arbitrary.ts";
import { arbitraryRequest, arbitraryNowMs as nowMs } from "./request.arbitrary.ts";

test("a rollback, whole", () => {
  const plan = createPlan(input);
  expect(compose(rollback)).toEqual({
    verdict: "rollback",
    code: "SOME_REGRESSION",
    summary: "checkout: roll back 2.4.0 to 2.3.9: burns 18 times too fast",
    reasons: [
      {
        policy: "slo_burn",
        rule: "data.belay.policies.slo_burn.finding",
        location: { file: "policies/slo_burn/policy.rego", row: 21 },
        kind: "regression",
        code: "SOME_REGRESSION",
        severity: "critical",
        message: "burns 18 times too fast",
        counted: true,
        evidence: [
          {
            path: "/derived/burn/0/rate",
            observed: 18,
            op: ">",
            threshold: 14.4,
            margin: 3.6,
            margin_ratio: 0.25,
            n: 1_000,
          },
        ],
      },
    ],
    unknowns: [],
    params_used: { slo_burn: { fast_factor: 14.4 } },
    scope: { services: ["checkout"], regions: [], kind: "single" },
    plan,
    verification: {
      signals: [{ service: "checkout", signal: "errors" }],
      window_s: 300,
      min_n: 1_000,
      deadline_ms: nowMs + 1_500_000,
    },
    notice: {
      public: "A recent change to checkout causes problems. We are taking it back.",
      internal: `2.4.0 of checkout goes back by plan ${plan?.plan_id.slice(0, 19)}: burns 18 times too fast`,
      expected_downtime_s: 0,
      eta_ms: nowMs + 300_000,
    },
    validity: {
      decided_at_ms: nowMs,
      expires_at_ms: nowMs + 900_000,
      valid_while: [
        { path: "/release/candidate/version", value: "2.4.0" },
        { path: "/release/stable/version", value: "2.3.9" },
      ],
    },
    provenance: {
      decision_id: "decision-1",
      input_sha256: "a".repeat(64),
      bundle: { name: "default", revision: "b".repeat(64), sha256: "c".repeat(64) },
      wasm_sha256: "d".repeat(64),
      entrypoint: "belay/decision/answer",
    },
  });
  expect(plan?.steps.map(({ action }) => action)).toEqual(["artifact_revert", "verify"]);
});

test("a clear answer is allowed for a minute, and says what it rests on", () => {
  const decision = compose(clear);
  expect(decision).toMatchObject({ verdict: "allow", code: "CLEAR", reasons: [] });
  expect(decision.summary).toBe(
    "checkout: carry on with 2.4.0: nothing speaks against it, 1 of 1 signals ok",
  );
  expect(decision.validity.expires_at_ms).toBe(nowMs + 60_000);
  for (const absent of ["plan", "escalation", "retry_after_ms"]) {
    expect(decision).not.toHaveProperty(absent);
  }
});

describe("a rollback with nothing to go back to is a question to a human", () => {
  test.each([
    ["canary", "/release/stable"],
    ["flag", "/flags"],
  ])("%s", (strategy, path) => {
    const { stable: _none, ...unstable } = release;
    const raw = { release: { ...unstable, strategy }, health };
    const decision = compose(rollback, { input: normalise(raw) });
    expect(decision).toMatchObject({
      verdict: "escalate",
      code: "NO_ROLLBACK_TARGET",
      summary:
        "checkout: 2.4.0 should go back, but no target is named, a human decides: burns 18 times too fast",
      unknowns: [{ path, message: "names nothing to go back to, so there is no plan" }],
      escalation: { level: "page", options: [{ choice: "hold" }, { choice: "proceed" }] },
    });
    expect(decision.reasons).toHaveLength(1);
    expect(decision).not.toHaveProperty("plan");
  });
});

describe("an answer that cannot be relied on is a question to a human", () => {
  test.each<[string, unknown, Partial<Composition>, string]>([
    ["no answer", undefined, {}, "the bundle gave no answer"],
    ["the evaluation failed", undefined, { doubt: "ran out of steps" }, "ran out of steps"],
    ["failed, and yet an answer", clear, { doubt: "ran out of steps" }, "ran out of steps"],
    ["nonsense", { verdict: "allow" }, {}, "the bundle's answer is malformed: /code "],
    [
      "a contradiction",
      { ...rollback, verdict: "allow" },
      {},
      "`allow` in the face of a regression",
    ],
  ])("%s", (_name, answer, rest, message) => {
    const decision = compose(answer, rest);
    expect(decision).toMatchObject({
      verdict: "escalate",
      code: "POLICY_ERROR",
      reasons: [],
      unknowns: [{ policy: "belay.decision", message: expect.stringContaining(message) as string }],
      params_used: {},
      escalation: { level: "page" },
    });
    expect(decision.summary).toContain(
      "checkout: cannot judge 2.4.0, a human decides: policy belay",
    );
    expect(decision.summary).toContain(message.slice(0, 16));
    expect(decision).not.toHaveProperty("plan");
  });

  test("a policy that failed is named, and what the others found is kept", () => {
    const errors = [
      { policy: "canary_compare", message: "conflict\nat line 3" },
      { policy: "evidence_quality", message: "undefined" },
    ];
    const answer = {
      ...rollback,
      verdict: "escalate",
      code: "POLICY_ERROR",
      row: 1,
      level: "page",
      errors,
    };
    const decision = compose(answer);
    expect(decision.summary).toBe(
      "checkout: cannot judge 2.4.0, a human decides: policy canary_compare: conflict at line 3 (and 1 more)",
    );
    expect(decision.unknowns).toEqual([
      { policy: "canary_compare", message: "conflict at line 3" },
      { policy: "evidence_quality", message: "undefined" },
    ]);
    expect(decision.reasons.map(({ code }) => code)).toEqual(["SOME_REGRESSION"]);
    expect(decision).not.toHaveProperty("plan");
  });

  const misquoted = [
    { path: "/derived/burn/0/rate", observed: 180, op: ">" as const, threshold: 14.4 },
  ];

  test("a policy that misquotes its evidence has failed", () => {
    const answer = answerWith(find("regression", { evidence: misquoted }), {
      verdict: "rollback",
      row: 3,
    });
    const decision = compose(answer);
    expect(decision).toMatchObject({
      verdict: "escalate",
      code: "POLICY_ERROR",
      unknowns: [
        {
          policy: "slo_burn",
          message: "SOME_REGRESSION: evidence /derived/burn/0/rate is quoted as 180 and is 18",
        },
      ],
    });
    expect(decision).not.toHaveProperty("plan");
  });

  test("a policy in shadow that misquotes changes no verdict", () => {
    const shadow = find("regression", { counted: false, evidence: misquoted, code: "SHADOWED" });
    const decision = compose({ ...rollback, findings: [find("regression"), shadow] });
    expect(decision.verdict).toBe("rollback");
    expect(decision.unknowns).toMatchObject([{ policy: "slo_burn" }]);
  });
});

const arbitraryAsked = fc.oneof(arbitraryRequest, arbitraryReleaseGraph);

test("whatever is asked and answered, the decision fits its schema, is the same each time, and never allows in the face of doubt", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryAsked, arbitraryAnswer, (raw, answer) => {
      const asked = normalise(raw);
      const decision = compose(answer, { input: asked });
      decisionSchema.parse(decision);
      expect(decision.summary).toMatch(/^.{1,200}$/su);
      expect(decision.summary).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(canonicalJson(compose(structuredClone(answer), { input: asked }))).toBe(
        canonicalJson(decision),
      );
      const regressed = decision.reasons.some(
        ({ kind, counted }) => counted && kind === "regression",
      );
      expect(decision.verdict === "allow" && regressed).toBe(false);
      expect(decision.verdict === "rollback" && decision.plan?.hazards.length !== 0).toBe(false);
      expect(decision.verdict === "escalate").toBe(decision.escalation !== undefined);
      expect(decision.validity.expires_at_ms).toBeGreaterThan(decision.validity.decided_at_ms);
      seen.add(decision.code);
      seen.add(decision.verdict);
    }),
    { numRuns: 600 },
  );
  const verdicts = ["allow", "rollback", "escalate"];
  const outcomes = [...verdicts, "POLICY_ERROR", "NO_ROLLBACK_TARGET", "PLAN_UNSAFE_STATE"];
  expect(outcomes.filter((outcome) => !seen.has(outcome))).toEqual([]);
});
