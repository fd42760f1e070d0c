import { expect, test } from "vitest";
import {
  answerWith,
  compose,
  find,
  normalise,
  release,
  rollback,
} from "./composition.arbitrary.ts";

const windows = [
  { window_s: 300, bad: 18, total: 1_000 },
  { window_s: 60, bad: 4, total: 100 },
];
test("how to see that it worked: by all that the last step measures, within the plan's own bound", () => {
  const slos = [
    { id: "availability", signal: "errors", objective_ratio: 0.999 },
    { id: "speed", signal: "slow", objective_ratio: 0.9 },
  ];
  const signals = [
    { id: "errors", sli: "availability", windows },
    { id: "slow", sli: "latency", windows: [{ window_s: 900, bad: 1, total: 10 }] },
  ];
  const asked = normalise({ release, health: { signals, slos } });
  const { verification, plan } = compose(rollback, { input: asked });
  expect(verification).toEqual({
    signals: [
      { service: "checkout", signal: "errors" },
      { service: "checkout", signal: "slow" },
    ],
    window_s: 900,
    min_n: 1_000,
    deadline_ms: 1_767_225_600_000 + (plan?.rto_s ?? 0) * 1_000,
  });
});

test("where nothing can be measured a human looks, and nothing is promised", () => {
  const signals = [{ id: "errors", sli: "availability", value: 0.2 }];
  const answer = answerWith(find("regression", { evidence: [] }), { verdict: "rollback", row: 3 });
  const decision = compose(answer, { input: normalise({ release, health: { signals } }) });
  expect(decision.verdict).toBe("rollback");
  expect(decision).not.toHaveProperty("verification");
});
