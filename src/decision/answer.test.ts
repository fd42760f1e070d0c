import { expect, test } from "vitest";
import { answerSchema, finding, findingCode } from "./answer.ts";

const stated = {
  policy: "slo_burn",
  kind: "regression",
  code: "SLO_FAST_BURN",
  severity: "critical",
  message: "burns 18 times too fast",
  evidence: [{ path: "/derived/burn/0/rate", observed: 18, op: ">", threshold: 14.4 }],
  counted: true,
};

test.each(["OK", "A1", "SLO_FAST_BURN", `A${"B".repeat(63)}`])("%s is a code", (code) => {
  expect(findingCode.safeParse(code).success).toBe(true);
});

test.each(["", "A", "a1", "1A", "_A", "A-B", "A B", `A${"B".repeat(64)}`, 1])(
  "the text %o is no code",
  (code: unknown) => {
    expect(findingCode.safeParse(code).success).toBe(false);
  },
);

test.each([
  [{}],
  [{ evidence: [] }],
  [{ kind: "insufficient", grace_until_ms: 1_767_225_600_000 }],
  [{ evidence: [{ path: "", observed: null, op: "==", threshold: null, n: 0, unit: "s" }] }],
])("a finding with %o is well-formed", (changed) => {
  expect(finding.safeParse({ ...stated, ...changed }).success).toBe(true);
});

test.each([
  [{ policy: undefined }],
  [{ kind: "bad" }],
  [{ severity: "high" }],
  [{ message: "" }],
  [{ message: "x".repeat(501) }],
  [{ counted: undefined }],
  [{ unknown: 1 }],
  [{ grace_until_ms: 0.5 }],
  [{ evidence: Array.from({ length: 33 }, () => stated.evidence[0]) }],
  [{ evidence: [{ ...stated.evidence[0], path: "derived" }] }],
  [{ evidence: [{ ...stated.evidence[0], op: "=" }] }],
  [{ evidence: [{ ...stated.evidence[0], observed: [1] }] }],
  [{ evidence: [{ ...stated.evidence[0], observed: Number.NaN }] }],
  [{ evidence: [{ ...stated.evidence[0], threshold: undefined }] }],
])("a finding with %o is not", (changed) => {
  expect(finding.safeParse({ ...stated, ...changed }).success).toBe(false);
});

test("an answer has all of its members and no others", () => {
  const answer = {
    verdict: "rollback",
    code: "SLO_FAST_BURN",
    row: 3,
    findings: [stated],
    errors: [],
    policies: { slo_burn: { mode: "enforce", params: { fast_factor: 14.4 } } },
  };
  expect(answerSchema.parse(answer)).toEqual(answer);
  for (const member of Object.keys(answer)) {
    expect(answerSchema.safeParse({ ...answer, [member]: undefined }).success).toBe(false);
  }
  expect(answerSchema.safeParse({ ...answer, score: 1 }).success).toBe(false);
});
