/** @module The planner: how to go back, from what was released and what the policies say of it. */

import { canonicalJson } from "../../base/canonical-json.ts";
import { sha256Hex } from "../../base/digest.ts";
import type { NormalisedInput } from "../normalise.ts";
import { listAbsent } from "./absent-evidence.ts";
import { type PlacedStep, placeHolds } from "./holds.ts";
import type { Plan, PlanStep } from "./plan-schema.ts";
import type { ReleasedService } from "./released-service.ts";
import { type Counsel, findRoute } from "./route.ts";
import { kindOf } from "./scope.ts";

const noCounsel: Counsel = { unsafe: [], onHold: [], advice: [] };

/**
 * The way back for the release of `input`; undefined where there is none: no version or digest is
 * named to go back to, no flag that could be turned off, no migration that could be taken down. Pure:
 * the same input and counsel give the same plan, id included.
 */
export function createPlan(input: NormalisedInput, counsel: Counsel = noCounsel): Plan | undefined {
  const route = findRoute(input, counsel);
  if (route === undefined) return undefined;
  const { release } = input;
  const { steps, badStates, order, scope } = route;
  const placed = placeHolds({
    service: release.service,
    steps,
    badStates,
    beforeAll: [...route.beforeAll, ...counsel.onHold],
  });
  const ids = placed.steps.map(({ draft }, place) => `${place + 1}-${draft.action}`);
  const idAt = (place: number) => ids[placed.placeOf[place] ?? -1] ?? "";
  const content = {
    service: release.service,
    // Two roll-outs of one version are two plans, and what was done for one is not done for both.
    ...(release.id === undefined ? {} : { release_id: release.id }),
    ...(release.exposed_since_ms === undefined
      ? {}
      : { exposed_since_ms: release.exposed_since_ms }),
    ...findTarget(scope.services.get(release.service)),
    scope: {
      services: [...order.services],
      kind: kindOf(scope.services, input.topology?.nodes ?? []),
      excluded: [...scope.excluded],
    },
    ...(order.cycles.length === 0 ? {} : { cycles: order.cycles.map((cycle) => [...cycle]) }),
    hazards: badStates.map(({ from, until, why }) => ({
      after_step: idAt(from),
      ...(until === undefined ? {} : { until_step: idAt(until) }),
      why,
    })),
    ...route.dataLoss,
    rto_s: computeRecoveryS(placed.steps),
    absent: listAbsent(input, new Set(scope.services.keys())),
  };
  return namePlan(content, placed.steps, ids);
}

/** Ids follow from the content alone, so that the same step of the same plan has the same key. */
function namePlan(
  content: Omit<Plan, "plan_id" | "steps">,
  placed: readonly PlacedStep[],
  ids: readonly string[],
): Plan {
  const drafts = placed.map(({ draft }) => draft);
  const contentSha256 = sha256Hex(canonicalJson({ ...content, drafts }));
  const steps = placed.map(({ draft, after }, place): PlanStep => {
    const id = ids[place] ?? "";
    return {
      id,
      ...draft,
      depends_on: after.flatMap((one) => ids[one] ?? []),
      idempotency_key: `${contentSha256.slice(0, 32)}-${id}`,
    };
  });
  const plan = { ...content, steps };
  return { plan_id: `sha256:${sha256Hex(canonicalJson(plan))}`, ...plan };
}

function findTarget(own: ReleasedService | undefined): Pick<Plan, "target"> {
  if (own === undefined || own.strategy === "flag" || own.strategy === "database") return {};
  return { target: { ...own.target } };
}

/** The longest way through the steps, each as long as it may take, in seconds. */
function computeRecoveryS(steps: readonly PlacedStep[]): number {
  const endsAt: number[] = [];
  for (const { draft, after } of steps) {
    endsAt.push(Math.max(0, ...after.map((place) => endsAt[place] ?? 0)) + draft.timeout_s);
  }
  return Math.max(0, ...endsAt);
}
