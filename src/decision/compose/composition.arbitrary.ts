/**
 * @module One release, its answers and their decisions: for the tests of the composition, by example
 * and over everything that could be answered.
 */

import * as fc from "fast-check";
import type { Answer, Finding } from "../answer.ts";
import { type Composition, composeDecision } from "../compose-decision.ts";
import type { Decision } from "../decision.ts";
import { type NormalisedInput, normaliseInput } from "../normalise.ts";
import { arbitraryNowMs as nowMs } from "../request.arbitrary.ts";
import { parseRequest } from "../request.ts";

export const release = {
  service: "checkout",
  candidate: { version: "2.4.0" },
  stable: { version: "2.3.9" },
};
const windows = [{ window_s: 300, bad: 18, total: 1_000 }];
export const health = {
  signals: [{ id: "errors", sli: "availability", windows }],
  slos: [{ id: "availability", signal: "errors", objective_ratio: 0.999 }],
};

export function normalise(raw: unknown): NormalisedInput {
  const parsed = parseRequest(raw, { nowMs, skewMs: 60_000 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const caller = { subject: "ci", auth: "none" };
  return normaliseInput(parsed.request, { id: "decision-1", nowMs, caller, history: {} });
}

export const input = normalise({ release, health });

export function find(kind: Finding["kind"], rest: Partial<Finding> = {}): Finding {
  return {
    policy: "slo_burn",
    kind,
    code: `SOME_${kind.toUpperCase()}`,
    severity: "critical",
    message: "burns 18 times too fast",
    evidence: [{ path: "/derived/burn/0/rate", observed: 18, op: ">", threshold: 14.4, n: 1_000 }],
    counted: true,
    ...rest,
  };
}

const policies = { slo_burn: { mode: "enforce" as const, params: { fast_factor: 14.4 } } };
export const clear: Answer = {
  verdict: "allow",
  code: "CLEAR",
  row: 7,
  findings: [],
  errors: [],
  policies,
};

export function answerWith(finding: Finding, rest: Partial<Answer>): Answer {
  return { ...clear, code: finding.code, findings: [finding], ...rest };
}

export const rollback = answerWith(find("regression"), { verdict: "rollback", row: 3 });

const rules = [
  {
    policy: "slo_burn",
    code: "SOME_REGRESSION",
    rule: "data.belay.policies.slo_burn.finding",
    file: "policies/slo_burn/policy.rego",
    row: 21,
  },
];

function composition(answer: unknown, rest: Partial<Composition> = {}): Composition {
  return {
    input,
    inputSha256: "a".repeat(64),
    answer,
    bundle: { name: "default", revision: "b".repeat(64), sha256: "c".repeat(64) },
    wasmSha256: "d".repeat(64),
    entrypoint: "belay/decision/answer",
    rules,
    ...rest,
  };
}

export function compose(answer: unknown, rest: Partial<Composition> = {}): Decision {
  return composeDecision(composition(answer, rest));
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  fc.constant("x\ny"),
);
const scalar = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), text, fc.boolean());
const finding = fc.record({
  policy: fc.constantFrom("slo_burn", "canary_compare"),
  kind: fc.constantFrom<Finding["kind"]>("regression", "unsafe", "insufficient", "hold", "note"),
  code: fc.constantFrom("ONE", "TWO"),
  severity: fc.constantFrom("critical", "minor"),
  message: text.filter((message) => message.isWellFormed()),
  // Points at the whole input, so that it never is a misquotation.
  evidence: fc.array(
    fc.record({
      path: fc.constant(""),
      observed: scalar,
      op: fc.constant(">"),
      threshold: scalar,
    }),
    { maxLength: 2 },
  ),
  counted: fc.boolean(),
});
const arbitraryAnswerFields = fc.record({
  verdict: fc.constantFrom("allow", "rollback", "escalate"),
  code: fc.constantFrom("ONE", "CLEAR", "POLICY_ERROR"),
  row: fc.nat(7),
  level: fc.constantFrom("wait", "notify", "page"),
  findings: fc.array(finding, { maxLength: 4 }),
  errors: fc.oneof(fc.constant([]), fc.constant([{ policy: "p", message: "m" }])),
  policies: fc.constant(policies),
});

type AnswerFields = typeof arbitraryAnswerFields extends fc.Arbitrary<infer T> ? T : never;

/** Answers that agree with themselves, answers that may not, and JSON that is none. */
export const arbitraryAnswer: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: arbitraryAnswerFields.map(reconcile) },
  {
    weight: 2,
    arbitrary: arbitraryAnswerFields.map(({ level, ...answer }) =>
      answer.verdict === "escalate" ? { ...answer, level } : answer,
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Rolls back where something regressed and nothing failed, and allows where nothing did. */
function reconcile({ level, ...answer }: AnswerFields): unknown {
  if (answer.verdict === "escalate") return { ...answer, code: "POLICY_ERROR", level };
  const others = answer.findings.filter((one) => one.kind !== "regression");
  const isRollback = answer.verdict === "rollback";
  const findings = isRollback ? [find("regression", { evidence: [] }), ...others] : others;
  return { ...answer, findings, errors: [] };
}
