/** @module What an entry of the record says about how decisions turned out, and no more than that. */

import type { Decision } from "../../decision/decision.ts";
import type { NormalisedInput } from "../../decision/normalise.ts";
import type { Plan } from "../../decision/plan/plan-schema.ts";
import type { RecordedEntry, ResolutionLeaf, StepLeaf, VerificationLeaf } from "../../log/entry.ts";

export interface DecisionFact {
  readonly kind: "decision";
  readonly id: string;
  readonly at_ms: number;
  readonly service: string;
  /** Environment, service and version: one release wherever it is asked about. */
  readonly release: string;
  readonly verdict: Decision["verdict"];
  readonly level?: string;
  /** Whose finding decided; absent where nothing was found. */
  readonly policy?: string;
  /** Whether it asked if a rollback has worked. */
  readonly isVerification: boolean;
  readonly isRegression: boolean;
  readonly hasFailedCheck: boolean;
  readonly plan?: Pick<Plan, "plan_id" | "steps">;
}

export interface StepFact
  extends Pick<StepLeaf, "decision" | "plan_id" | "step" | "state" | "attempt"> {
  readonly kind: "step";
  readonly at_ms: number;
}

export interface VerificationFact
  extends Pick<VerificationLeaf, "decision" | "plan_id" | "outcome"> {
  readonly kind: "verification";
  readonly at_ms: number;
}

export interface ResolutionFact
  extends Pick<ResolutionLeaf, "decision" | "plan_id" | "choice" | "break_glass"> {
  readonly kind: "resolution";
  readonly at_ms: number;
}

export type OutcomeFact = DecisionFact | StepFact | VerificationFact | ResolutionFact;

/**
 * Undefined for entries that say nothing of outcomes, for decisions that were erased, and for those
 * in shadow, which nobody acted on.
 */
export function findFact({ leaf, body }: RecordedEntry): OutcomeFact | undefined {
  const at_ms = Date.parse(leaf.time);
  switch (leaf.kind) {
    case "decision":
      return body === undefined ? undefined : findDecisionFact(leaf.id, at_ms, body);
    case "step": {
      const { decision, plan_id, step, state, attempt } = leaf;
      return { kind: "step", at_ms, decision, plan_id, step, state, attempt };
    }
    case "verification": {
      const { decision, plan_id, outcome } = leaf;
      return { kind: "verification", at_ms, decision, plan_id, outcome };
    }
    case "resolution": {
      const { decision, plan_id, choice, break_glass } = leaf;
      return { kind: "resolution", at_ms, decision, plan_id, choice, break_glass };
    }
    case "publication":
    case "promotion":
    case "disagreement":
      return undefined;
  }
}

function findDecisionFact(
  id: string,
  at_ms: number,
  body: NonNullable<RecordedEntry["body"]>,
): DecisionFact | undefined {
  const { request, release, data_integrity: integrity } = JSON.parse(body.input) as NormalisedInput;
  if (request.mode !== "enforce") return undefined;
  const { verdict, code, escalation, reasons, plan } = JSON.parse(body.decision) as Decision;
  const counted = reasons.filter((reason) => reason.counted);
  const policy = counted.find((reason) => reason.code === code)?.policy;
  return {
    kind: "decision",
    id,
    at_ms,
    service: release.service,
    release: JSON.stringify([
      release.env ?? null,
      release.service,
      release.candidate.digest ?? release.candidate.version,
    ]),
    verdict,
    ...(escalation === undefined ? {} : { level: escalation.level }),
    ...(policy === undefined ? {} : { policy }),
    isVerification: request.question === "verify",
    isRegression: counted.some(({ kind }) => kind === "regression"),
    hasFailedCheck: (integrity?.checks ?? []).some(({ status }) => status === "failed"),
    ...(plan === undefined ? {} : { plan: { plan_id: plan.plan_id, steps: plan.steps } }),
  };
}
