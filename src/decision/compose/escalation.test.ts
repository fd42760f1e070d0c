import { expect, test } from "vitest";
import type { Answer } from "../answer.ts";
import { arbitraryNowMs as nowMs } from "../request.arbitrary.ts";
import { answerWith, compose, find, health, normalise, release } from "./composition.arbitrary.ts";

test("row 2 comes with the plan, held before everything else", () => {
  const answer: Answer = {
    ...answerWith(find("regression"), { verdict: "escalate", row: 2, level: "page" }),
    findings: [
      find("regression"),
      find("unsafe", { policy: "migration_safety", code: "LOSSY" }),
      find("hold", { policy: "governance", code: "FREEZE", counted: false }),
    ],
  };
  const { plan, escalation, code } = compose(answer);
  expect(code).toBe("SOME_REGRESSION");
  expect(plan?.steps[0]).toMatchObject({
    action: "hold",
    precondition: ["policy migration_safety found LOSSY"],
  });
  expect(plan?.steps[1]).toMatchObject({ action: "artifact_revert", point_of_no_return: true });
  expect(escalation).toEqual({
    level: "page",
    question:
      "Shall 2.4.0 of checkout be rolled back, although that may do harm? burns 18 times too fast",
    options: [
      { choice: "hold", text: "leave 2.4.0 at its present stage and decide later" },
      { choice: "proceed", text: "go on with 2.4.0" },
      { choice: "rollback", text: `carry out the plan ${plan?.plan_id}` },
    ],
    to: [],
    timeout_s: 900,
    on_timeout: "hold",
  });
});

test("row 2 without a target says that there is no plan", () => {
  const { stable: _none, ...unstable } = release;
  const answer = answerWith(find("regression"), { verdict: "escalate", row: 2, level: "page" });
  const decision = compose(answer, { input: normalise({ release: unstable, health }) });
  expect(decision).not.toHaveProperty("plan");
  expect(decision.unknowns).toEqual([
    {
      path: "/release/stable",
      message: "names nothing to go back to, so there is no plan",
    },
  ]);
  expect(decision.escalation?.options.map(({ choice }) => choice)).toEqual(["hold", "proceed"]);
});

test("a wait says for how long, and is valid until then", () => {
  const decision = compose(
    answerWith(find("insufficient"), {
      verdict: "escalate",
      row: 6,
      level: "wait",
      retry_after_ms: 14_200,
    }),
  );
  expect(decision).toMatchObject({
    retry_after_ms: 14_200,
    validity: { expires_at_ms: nowMs + 14_200 },
    escalation: {
      level: "wait",
      question:
        "Is 2.4.0 of checkout all right? There is not enough evidence: burns 18 times too fast",
      options: [
        { choice: "hold", text: "leave 2.4.0 at its present stage and ask again in 15 s" },
        { choice: "proceed" },
      ],
    },
  });
});

test.each<[string, Answer["findings"][number], string]>([
  ["continue", find("hold"), "May 2.4.0 of checkout go on?"],
  ["verify", find("regression"), "Has checkout recovered from 2.4.0?"],
])("to the question %s", (question, finding, doubt) => {
  const asked = normalise({ release, health, request: { question } });
  const answer = answerWith(finding, { verdict: "escalate", row: 4, level: "page" });
  expect(compose(answer, { input: asked }).escalation?.question).toBe(
    `${doubt} burns 18 times too fast`,
  );
});
