/** @module What is filed beside entries to be found later, as JSON. Belay alone writes and reads it. */

import { canonicalJson } from "../../base/canonical-json.ts";
import type { JsonValue } from "../../base/json.ts";
import type { Decision } from "../../decision/decision.ts";
import type { ActiveRollback, NormalisedInput } from "../../decision/normalise.ts";
import type { Mark } from "../../store/record-store.ts";
import { regressionsSubject, rolloutSubject } from "./mark-subject.ts";

/** Of a decision, by roll-out. */
export interface CheckMark {
  readonly verdict: Decision["verdict"];
  readonly breached: { readonly signal: string; readonly service: string }[];
}

/** Of a decision that found a regression, by environment. */
export interface RegressionMark {
  readonly service: string;
  readonly code: string;
}

/** Of a plan that was begun, and that ended, by service. */
export type RollbackMark =
  | {
      readonly event: "began";
      readonly plan_id: string;
      readonly service: string;
      readonly release?: string;
      readonly from_digest?: string;
      readonly to_digest?: string;
      readonly at_ms: number;
      readonly decision_id: string;
    }
  | {
      readonly event: "ended";
      readonly plan_id: string;
      readonly result: "succeeded" | "failed";
      readonly duration_s: number;
    };

/** What others are told of the rollback that has the lease. */
export type RollbackLease = Omit<ActiveRollback, "renewed_at_ms" | "expires_ms" | "state">;

export function fileFact(fact: CheckMark | RegressionMark | RollbackMark | RollbackLease): string {
  return canonicalJson(fact as unknown as JsonValue);
}

/** Reads back what `fileFact` wrote, of the kind that is filed at that place. */
export const readFact = {
  check: (value: string): CheckMark => JSON.parse(value) as CheckMark,
  regression: (value: string): RegressionMark => JSON.parse(value) as RegressionMark,
  rollback: (value: string): RollbackMark => JSON.parse(value) as RollbackMark,
  lease: (value: string): RollbackLease => JSON.parse(value) as RollbackLease,
};

/**
 * The marks of a decision. A shadow decides nothing, and a question whether a rollback worked says
 * nothing of the roll-out.
 */
export function decisionMarks(input: NormalisedInput, decision: Decision): readonly Mark[] {
  const { request, release, derived } = input;
  if (request.mode !== "enforce" || request.question === "verify") return [];
  const breached = derived.persistence
    .filter((row) => row.breached)
    .map(({ signal, service }) => ({ signal, service }));
  const check = fileFact({ verdict: decision.verdict, breached });
  const regression = decision.reasons.find(({ kind, counted }) => counted && kind === "regression");
  return [
    { subject: rolloutSubject(release), value: check },
    ...(regression === undefined
      ? []
      : [
          {
            subject: regressionsSubject(release.env),
            value: fileFact({ service: release.service, code: regression.code }),
          },
        ]),
  ];
}
