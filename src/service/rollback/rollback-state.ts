/** @module What is answered about a plan: how far it has come, who has agreed, what may come next. */

import type { Progress } from "../../decision/rollback/progress.ts";
import type { Resolved } from "../../decision/rollback/resolution.ts";
import type { CarriedPlan } from "./carried-plan.ts";

export interface RollbackState {
  readonly decision_id: string;
  /** Absent where the decision has no plan. */
  readonly plan_id?: string;
  /** `closed`: it was verified, and nothing of it is under way. */
  readonly state: Progress["state"] | "closed" | "none";
  readonly steps: Progress["steps"];
  readonly next: readonly string[];
  readonly why?: string;
  readonly escalates: boolean;
  readonly resolved: Resolved;
  /** How the health after it was judged last. */
  readonly verified?: { readonly outcome: string; readonly judged_by: string; readonly at: string };
  /** What was reported is on record from an earlier call. */
  readonly repeated?: boolean;
}

export function describeRollback(
  carried: CarriedPlan,
  { repeated }: { readonly repeated?: boolean } = {},
): RollbackState {
  const { decision, plan, progress, resolved, verifications, lease } = carried;
  const [latest] = verifications;
  const isClosed = lease === undefined && latest?.outcome === "recovered";
  return {
    decision_id: decision.provenance.decision_id,
    ...(plan === undefined ? {} : { plan_id: plan.plan_id }),
    state: isClosed ? "closed" : (progress?.state ?? "none"),
    steps: isClosed ? [] : (progress?.steps ?? []),
    next: isClosed ? [] : (progress?.next ?? []),
    ...(progress?.why === undefined ? {} : { why: progress.why }),
    escalates: progress?.escalates ?? false,
    resolved,
    ...(latest === undefined
      ? {}
      : {
          verified: { outcome: latest.outcome, judged_by: latest.judged_by, at: latest.time },
        }),
    ...(repeated === undefined ? {} : { repeated }),
  };
}
