import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseAnswer } from "./parse-answer.ts";

const regression = {
  policy: "slo_burn",
  kind: "regression",
  code: "SLO_FAST_BURN",
  severity: "critical",
  message: "m",
  evidence: [],
  counted: true,
};
const clear = { verdict: "allow", code: "CLEAR", row: 7, findings: [], errors: [], policies: {} };
const rollback = {
  ...clear,
  verdict: "rollback",
  code: "SLO_FAST_BURN",
  row: 3,
  findings: [regression],
};
const error = { policy: "slo_burn", message: "conflict" };

test.each([
  [clear],
  [rollback],
  [{ ...clear, findings: [{ ...regression, counted: false }] }],
  [{ ...clear, verdict: "escalate", code: "POLICY_ERROR", row: 1, level: "page", errors: [error] }],
  [{ ...clear, verdict: "escalate", code: "X1", row: 6, level: "wait", retry_after_ms: 5_000 }],
])("the answer %o is one", (answer: unknown) => {
  expect(parseAnswer(answer)).toEqual({ ok: true, answer });
});

test.each([
  [undefined, "the bundle gave no answer"],
  [null, "the bundle's answer is malformed:"],
  [[], "the bundle's answer is malformed:"],
  [{ ...clear, verdict: "maybe" }, "malformed: /verdict "],
  [{ ...clear, findings: [{ ...regression, kind: "bad" }] }, "malformed: /findings/0/kind "],
  [{ ...clear, extra: 1 }, "malformed:"],
  [{ ...clear, code: "clear" }, "malformed: /code "],
  [{}, " and 3 more"],
  [
    { ...clear, policies: { p: { mode: "enforce", params: { x: Number.NaN } } } },
    "not a finite number",
  ],
  [{ ...rollback, findings: [{ ...regression, message: "\ud800" }] }, "lone surrogate"],
  [{ ...clear, level: "page" }, "`level` belongs to `escalate`"],
  [{ ...clear, verdict: "escalate", code: "X1", row: 5 }, "`level` belongs to `escalate`"],
  [{ ...clear, retry_after_ms: 5_000 }, "`retry_after_ms` belongs to level `wait`"],
  [{ ...clear, errors: [error] }, "policies failed, and the code is not `POLICY_ERROR`"],
  [{ ...rollback, findings: [] }, "`rollback` without a regression"],
  [
    { ...rollback, findings: [{ ...regression, counted: false }] },
    "`rollback` without a regression",
  ],
  [{ ...rollback, verdict: "allow" }, "`allow` in the face of a regression"],
])("the answer %o is none", (answer: unknown, problem) => {
  const parsed = parseAnswer(answer);
  expect(parsed.ok).toBe(false);
  expect(parsed).toHaveProperty("problem", expect.stringContaining(problem));
});

test("a hundred thousand findings are refused for their number", () => {
  const findings = Array.from({ length: 100_000 }, () => regression);
  expect(parseAnswer({ ...rollback, findings })).toEqual({
    ok: false,
    problem: "the bundle's answer is malformed: /findings at most 20000 elements, found 100000",
  });
});

test("anything at all is parsed or refused in one line", () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      const parsed = parseAnswer(raw);
      expect(parsed.ok || (parsed.problem.length < 600 && !parsed.problem.includes("\n"))).toBe(
        true,
      );
    }),
  );
});
