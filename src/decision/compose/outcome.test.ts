import { expect, test } from "vitest";
import type { Reason } from "../decision.ts";
import { input } from "./composition.arbitrary.ts";
import { findMainReason, type Outcome } from "./outcome.ts";

function reason(code: string, counted = true): Reason {
  return {
    policy: "p",
    rule: "data.belay.policies.p.finding",
    kind: "hold",
    code,
    severity: "major",
    message: code,
    counted,
    evidence: [],
  };
}

const [shadow, first, second] = [reason("B", false), reason("A"), reason("B")];

const outcome: Outcome = {
  input,
  verdict: "escalate",
  code: "B",
  row: 4,
  level: "notify",
  retryAfterMs: undefined,
  reasons: [shadow, first, second],
  errors: [],
  plan: undefined,
};

test("the reason that decided is the counted one of the decision's code", () => {
  expect(findMainReason(outcome)).toBe(second);
});

test("under a code of the host's own, the first counted reason stands for it", () => {
  expect(findMainReason({ ...outcome, code: "NO_ROLLBACK_TARGET" })).toBe(first);
});

test("no reason decided where a policy failed, or where none was counted", () => {
  const errors = [{ policy: "p", message: "conflict" }];
  expect(findMainReason({ ...outcome, errors })).toBeUndefined();
  expect(findMainReason({ ...outcome, reasons: [shadow] })).toBeUndefined();
});
