import { expect, test } from "vitest";
import type { Decision } from "../decision.ts";
import { type NormalisedInput, normaliseInput } from "../normalise.ts";
import { parseRequest } from "../request.ts";
import { askedMax, findFlips } from "./flip.ts";

const nowMs = 1_767_225_600_000;

function inputOf(signals: readonly object[]) {
  const release = { service: "a", candidate: { version: "2" } };
  const parsed = parseRequest({ release, health: { signals } }, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const caller = { subject: "t", auth: "none" };
  return normaliseInput(parsed.request, { id: "one", nowMs, caller, history: {} });
}

const signal = { id: "errors", sli: "availability", bad: 1_000_000_000, total: 2_000_000_000 };
const reason = {
  policy: "p",
  rule: "data.belay.policies.p.finding",
  kind: "regression",
  code: "R",
  severity: "major",
  message: "seen",
  counted: true,
  evidence: [{ path: "/health/signals/0/bad", observed: 1_000_000_000, op: ">=", threshold: 3 }],
} satisfies Decision["reasons"][number];

function decisionOf(count: number): Pick<Decision, "verdict" | "code" | "reasons"> {
  const reasons = Array.from({ length: count }, (_, at) => ({
    ...reason,
    evidence: [0, 1, 2, 3, 4].map((step) => ({
      path: `/health/signals/${at * 5 + step}/bad`,
      observed: signal.bad,
      op: ">=" as const,
      threshold: 3,
    })),
  }));
  return { verdict: "rollback", code: "R", reasons };
}

test("the rules are asked a bounded number of times, whatever there is to try", () => {
  const input = inputOf(Array.from({ length: 50 }, (_, at) => ({ ...signal, id: `e${at}` })));
  let asked = 0;
  const ask = (changed: NormalisedInput) => {
    asked += 1;
    const at = changed.health.signals.findIndex(({ bad }) => bad !== signal.bad);
    return (changed.health.signals[at]?.bad ?? signal.bad) < 12_345_678 ? "allow" : "rollback";
  };
  findFlips(input, decisionOf(10), { ruled: "rollback", ask, prove: () => "allow" });
  expect(asked).toBeGreaterThan(10);
  expect(asked).toBeLessThanOrEqual(askedMax);
});

const silent = () => undefined;

test("a policy that fails on the changed input proves nothing", () => {
  expect(
    findFlips(inputOf([signal]), decisionOf(1), { ruled: "rollback", ask: silent, prove: silent })
      .size,
  ).toBe(0);
});

test("what the whole decision does not bear out is not claimed", () => {
  const judge = {
    ruled: "rollback" as const,
    ask: () => "escalate" as const,
    prove: () => "rollback" as const,
  };
  expect(findFlips(inputOf([signal]), decisionOf(1), judge).size).toBe(0);
});

test("the nearest value is found where the verdict changes in the middle", () => {
  const input = inputOf([{ ...signal, bad: 900, total: 1_000 }]);
  const ask = (changed: NormalisedInput) =>
    (changed.health.signals[0]?.bad ?? 0) <= 417 ? "escalate" : "rollback";
  const decision = { verdict: "rollback", code: "R", reasons: [reason] } as const;
  const flips = findFlips(
    input,
    { ...decision, reasons: [reason] },
    { ruled: "rollback", ask, prove: ask },
  );
  expect(flips.get(0)).toEqual({
    path: "/health/signals/0/bad",
    from: 900,
    to: 417,
    verdict: "escalate",
  });
});
