/** @module The plan that is being carried out already: a second gate that asks is given the same. */

import type { NormalisedInput } from "../normalise.ts";
import type { Plan } from "../plan/plan-schema.ts";

/** Undefined where nothing is under way for the service, or another release is being rolled back. */
export function findActivePlan({ history, release }: NormalisedInput): Plan | undefined {
  const active = history.active_rollback;
  if (active?.plan === undefined) return undefined;
  const { version, digest } = release.candidate;
  const isSame =
    digest === undefined || active.candidate_digest === undefined
      ? active.candidate_version === version
      : active.candidate_digest === digest;
  return isSame && active.plan.release_id === release.id ? active.plan : undefined;
}
