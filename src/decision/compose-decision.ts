/**
 * @module From the bundle's answer to the decision: places and margins of the findings, the plan,
 * the words, the provenance. Pure. Where the answer cannot be relied on, the decision is `escalate`
 * with the code `POLICY_ERROR`; there is no other way out, and none to `allow`.
 */

import type { Answer, Finding, PolicyError } from "./answer.ts";
import { findActivePlan } from "./compose/active-plan.ts";
import { createEscalation } from "./compose/escalation.ts";
import { createNotice } from "./compose/notice.ts";
import type { Outcome } from "./compose/outcome.ts";
import { parseAnswer } from "./compose/parse-answer.ts";
import { createReason, findMisquote } from "./compose/reasons.ts";
import { createDecisionScope } from "./compose/scope.ts";
import { createSummary } from "./compose/summary.ts";
import {
  createPolicyUnknowns,
  createSignalUnknowns,
  createUncomparedUnknowns,
} from "./compose/unknowns.ts";
import { createValidity } from "./compose/validity.ts";
import { createVerification } from "./compose/verification.ts";
import type { Decision, Unknown } from "./decision.ts";
import type { NormalisedInput } from "./normalise.ts";
import { createPlan } from "./plan/create-plan.ts";
import type { Plan } from "./plan/plan-schema.ts";
import type { Counsel } from "./plan/route.ts";
import type { RuleLocation } from "./rule-location.ts";

export interface Composition {
  readonly input: NormalisedInput;
  /** SHA-256 of the input's canonical JSON. */
  readonly inputSha256: string;
  /** What `belay/decision/answer` evaluated to; undefined where it did not. */
  readonly answer: unknown;
  /** Why the answer, whatever it is, is not relied on. */
  readonly doubt?: string;
  /** Steps the evaluation took, where they are counted. */
  readonly steps?: number;
  readonly bundle: { readonly name: string; readonly revision: string; readonly sha256: string };
  readonly wasmSha256: string;
  readonly entrypoint: string;
  readonly rules: readonly RuleLocation[];
}

/** Named where no single policy is at fault. */
const combiningPolicy = "belay.decision";

/** Row 2 of the verdict table: worse, and going back may hurt. A human gets the plan to look at. */
const rowWithPlan = 2;

export function composeDecision(composition: Composition): Decision {
  const { input, bundle } = composition;
  const answer = settleAnswer(composition);
  const misquotes = findMisquotes(answer.findings, input);
  const outcome = decideOutcome(composition, answer, misquotes.counted);
  const escalation = createEscalation(outcome);
  const verification = createVerification(outcome);
  const notice = createNotice(outcome);
  return {
    verdict: outcome.verdict,
    code: outcome.code,
    summary: createSummary(outcome),
    reasons: [...outcome.reasons],
    unknowns: [
      ...createPolicyUnknowns([...outcome.errors, ...misquotes.uncounted]),
      ...createTargetUnknown(outcome),
      ...createSignalUnknowns(input),
      ...createUncomparedUnknowns(input),
    ],
    params_used: Object.fromEntries(
      Object.entries(answer.policies).map(([policy, { params }]) => [policy, params]),
    ),
    scope: createDecisionScope(outcome),
    ...(outcome.plan === undefined ? {} : { plan: outcome.plan }),
    ...(verification === undefined ? {} : { verification }),
    ...(notice === undefined ? {} : { notice }),
    ...(escalation === undefined ? {} : { escalation }),
    ...(outcome.retryAfterMs === undefined ? {} : { retry_after_ms: outcome.retryAfterMs }),
    validity: createValidity(outcome),
    provenance: {
      decision_id: input.request.id,
      input_sha256: composition.inputSha256,
      bundle: { name: bundle.name, revision: bundle.revision, sha256: bundle.sha256 },
      wasm_sha256: composition.wasmSha256,
      entrypoint: composition.entrypoint,
      ...(composition.doubt === undefined ? {} : { doubt: composition.doubt }),
      ...(composition.steps === undefined ? {} : { steps: composition.steps }),
    },
  };
}

/** The answer, or one that says only that there is none to rely on. */
function settleAnswer({ answer, doubt }: Composition): Answer {
  const parsed = parseAnswer(doubt === undefined ? answer : undefined);
  if (parsed.ok) return parsed.answer;
  const message = doubt ?? parsed.problem;
  return {
    verdict: "escalate",
    code: "POLICY_ERROR",
    row: 1,
    level: "page",
    findings: [],
    errors: [{ policy: combiningPolicy, message }],
    policies: {},
  };
}

interface Misquotes {
  readonly counted: readonly PolicyError[];
  /** Of policies in shadow, whose mistakes never change a verdict. */
  readonly uncounted: readonly PolicyError[];
}

function findMisquotes(findings: readonly Finding[], input: NormalisedInput): Misquotes {
  const counted: PolicyError[] = [];
  const uncounted: PolicyError[] = [];
  for (const finding of findings) {
    for (const evidence of finding.evidence) {
      const complaint = findMisquote(evidence, input);
      if (complaint === undefined) continue;
      const error = { policy: finding.policy, message: `${finding.code}: ${complaint}` };
      (finding.counted ? counted : uncounted).push(error);
    }
  }
  return { counted, uncounted };
}

function decideOutcome(
  { input, rules }: Composition,
  answer: Answer,
  misquotes: readonly PolicyError[],
): Outcome {
  const reasons = answer.findings.map((finding) => createReason(finding, rules));
  const errors = [...answer.errors, ...misquotes];
  const base = { input, reasons, errors, row: answer.row, retryAfterMs: undefined };
  if (errors.length > 0) {
    return { ...base, verdict: "escalate", code: "POLICY_ERROR", level: "page", plan: undefined };
  }
  const wantsPlan = answer.verdict === "rollback" || answer.row === rowWithPlan;
  const plan = wantsPlan
    ? (findActivePlan(input) ?? createPlan(input, takeCounsel(answer)))
    : undefined;
  if (answer.verdict === "rollback") {
    const code = findObstacle(plan);
    if (code !== undefined) return { ...base, verdict: "escalate", code, level: "page", plan };
  }
  const { verdict, code, level, retry_after_ms: retryAfterMs } = answer;
  return { ...base, verdict, code, level, retryAfterMs, plan };
}

/** Why a rollback that the rules ask for is a question to a human: a code of the host's own. */
function findObstacle(plan: Plan | undefined): string | undefined {
  if (plan === undefined) return "NO_ROLLBACK_TARGET";
  return plan.hazards.length > 0 ? "PLAN_UNSAFE_STATE" : undefined;
}

function takeCounsel({ findings, advice = [] }: Answer): Counsel {
  const unsafe = new Map<string, string[]>();
  const onHold = new Set<string>();
  for (const { kind, counted, policy, code, evidence } of findings) {
    if (!counted) continue;
    const line = `policy ${policy} found ${code}`;
    if (kind === "hold") onHold.add(line);
    if (kind !== "unsafe") continue;
    // A finding without evidence may be about anything, and so may others of the same line then.
    const places = evidence.length === 0 ? [""] : evidence.map(({ path }) => path);
    unsafe.set(line, [...(unsafe.get(line) ?? []), ...places]);
  }
  return {
    unsafe: [...unsafe].map(([line, places]) => ({ line, places })),
    onHold: [...onHold],
    advice,
  };
}

/** Said also where a human gets a plan to look at and there is none. */
function createTargetUnknown({ verdict, code, row, errors, plan, input }: Outcome): Unknown[] {
  const wanted = code === "NO_ROLLBACK_TARGET" || (row === rowWithPlan && errors.length === 0);
  if (verdict !== "escalate" || !wanted || plan !== undefined) return [];
  const path = input.release.strategy === "flag" ? "/flags" : "/release/stable";
  return [{ path, message: "names nothing to go back to, so there is no plan" }];
}
