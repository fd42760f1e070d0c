/** @module What to tell people while a plan is carried out: users, and those who work on it. */

import type { Notice } from "../decision.ts";
import type { Plan, PlanStep } from "../plan/plan-schema.ts";
import { toLine } from "./line.ts";
import type { Outcome } from "./outcome.ts";
import { describeWhy } from "./summary.ts";

const lengthMax = 500;
const nameLengthMax = 60;

/** How long a step usually takes, seconds: what people are told to expect, never what is enforced. */
const usualS: Readonly<Record<PlanStep["action"], number>> = {
  hold: 0,
  flag_off: 10,
  gitops_pin: 10,
  queue_pause: 10,
  queue_resume: 10,
  traffic_shift: 60,
  artifact_revert: 180,
  config_revert: 60,
  migration_down: 300,
  cache_invalidate: 30,
  compensate: 300,
  verify: 120,
};

export function createNotice(outcome: Outcome): Notice | undefined {
  const { input, plan } = outcome;
  if (plan === undefined) return undefined;
  const { release } = input;
  const doneS = passTimes(plan);
  const waits = plan.steps.some(({ action }) => action === "hold");
  const service = toLine(release.service, nameLengthMax);
  const version = toLine(release.candidate.version, nameLengthMax);
  const others = plan.scope.services.length - 1;
  const company = others === 0 ? "" : ` (and ${others} more)`;
  const goes = waits ? "would go back, once a human agrees," : "goes back";
  return {
    public: `A recent change to ${service} causes problems. ${
      waits ? "We are deciding whether to take it back." : "We are taking it back."
    }`,
    internal: toLine(
      `${version} of ${service}${company} ${goes} by plan ${plan.plan_id.slice(0, 19)}: ${describeWhy(outcome)}`,
      lengthMax,
    ),
    expected_downtime_s: expectDowntimeS(plan, doneS),
    ...(waits ? {} : { eta_ms: input.request.now_ms + Math.max(...doneS.values()) * 1_000 }),
  };
}

/** By step: seconds from the start until it is done, at the usual pace. */
function passTimes({ steps }: Plan): Map<string, number> {
  const doneS = new Map<string, number>();
  for (const { id, action, depends_on } of steps) {
    const startS = Math.max(0, ...depends_on.map((one) => doneS.get(one) ?? 0));
    doneS.set(id, startS + usualS[action]);
  }
  return doneS;
}

/** The longest bad state; one that stays lasts as long as the plan. */
function expectDowntimeS({ hazards }: Plan, doneS: ReadonlyMap<string, number>): number {
  const endS = Math.max(...doneS.values());
  const lengths = hazards.map(({ after_step: from, until_step: until }) => {
    const untilS = until === undefined ? endS : (doneS.get(until) ?? endS);
    return untilS - (doneS.get(from) ?? 0);
  });
  return Math.max(0, ...lengths);
}
