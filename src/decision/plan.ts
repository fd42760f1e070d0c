/**
 * @module The planner, for a single service: flags off first, then traffic, then the artifact or the
 * configuration, a verify step after each change, a hold where going back cannot be undone.
 */

import { canonicalJson } from "../base/canonical-json.ts";
import { sha256Hex } from "../base/digest.ts";
import type { NormalisedInput } from "./normalise.ts";
import type { Plan, PlanStep, SuccessCriterion } from "./plan-schema.ts";
import { createSuccessCriteria } from "./success-criteria.ts";

/** What the policies have against going back, one line each. */
export interface Reservations {
  /** Going back could hurt. */
  readonly unsafe: readonly string[];
  /** A human has to take part. */
  readonly onHold: readonly string[];
}

const noReservations: Reservations = { unsafe: [], onHold: [] };

/** How long a step may take, seconds: generous to what is usual, so that only the stuck run out. */
const timeoutS: Readonly<Record<PlanStep["action"], number>> = {
  flag_off: 60,
  traffic_shift: 300,
  config_revert: 300,
  artifact_revert: 900,
  verify: 600,
  hold: 3_600,
};

type Draft = Omit<PlanStep, "id" | "depends_on" | "idempotency_key">;

/**
 * The way back for the release of `input`; undefined where there is none: no stable version or
 * digest is named, or the release is a flag and no kill switch covers it. Pure: the same input and
 * reservations give the same plan, id included.
 */
export function createPlan(
  input: NormalisedInput,
  reservations: Reservations = noReservations,
): Plan | undefined {
  const { release } = input;
  const changes = draftChanges(input, reservations);
  if (changes.length === 0) return undefined;

  const success = createSuccessCriteria(input);
  const drafts = [
    ...draftHold(input, reservations),
    ...changes.flatMap((change, index) => [
      change,
      draftVerify(release.service, success, index === changes.length - 1),
    ]),
  ];
  const ids = drafts.map((draft, index) => `${index + 1}-${draft.action}`);
  const content = {
    service: release.service,
    // Two roll-outs of one version are two plans, and what was done for one is not done for both.
    ...(release.id === undefined ? {} : { release_id: release.id }),
    ...(release.exposed_since_ms === undefined
      ? {}
      : { exposed_since_ms: release.exposed_since_ms }),
    ...(release.strategy === "flag" ? {} : { target: targetOf(input) }),
    data_loss: dataLossOf(input, reservations),
  };
  const contentSha256 = sha256Hex(canonicalJson({ ...content, drafts }));
  const steps = drafts.map((draft, index): PlanStep => {
    const id = ids[index] ?? "";
    return {
      id,
      ...draft,
      depends_on: ids.slice(Math.max(0, index - 1), index),
      idempotency_key: `${contentSha256.slice(0, 32)}-${id}`,
    };
  });
  const plan = { ...content, steps };
  return { plan_id: `sha256:${sha256Hex(canonicalJson(plan))}`, ...plan };
}

function targetOf({ release: { stable } }: NormalisedInput): { version?: string; digest?: string } {
  return {
    ...(stable?.version === undefined ? {} : { version: stable.version }),
    ...(stable?.digest === undefined ? {} : { digest: stable.digest }),
  };
}

/** The steps that change something, in order. */
function draftChanges(input: NormalisedInput, reservations: Reservations): Draft[] {
  const { release } = input;
  const flags = draftFlags(input);
  if (release.strategy === "flag") return flags;
  const to = release.stable?.digest ?? release.stable?.version;
  if (to === undefined) return [];

  const from = release.candidate.digest ?? release.candidate.version;
  const isIrreversible = reservations.unsafe.length > 0 || findIrreversible(input).length > 0;
  const shifts = release.strategy === "canary" || release.strategy === "bluegreen";
  const revert = release.strategy === "config" ? "config_revert" : "artifact_revert";
  return [
    ...flags,
    ...(shifts ? [{ ...draftStep("traffic_shift", release.service), from, to }] : []),
    {
      ...draftStep(revert, release.service),
      from,
      to,
      reversible: !isIrreversible,
      point_of_no_return: isIrreversible,
    },
  ];
}

/** Every kill switch that covers the release and is not off yet. */
function draftFlags({ flags = [], release }: NormalisedInput): Draft[] {
  return flags
    .filter((flag) => flag.kill_switch === true && flag.covers_release === true)
    .filter((flag) => flag.exposure_ratio !== 0)
    .filter((flag) => flag.variant === undefined || flag.variant !== flag.safe_variant)
    .map((flag) => ({
      ...draftStep("flag_off", release.service),
      flag: flag.key,
      ...(flag.variant === undefined ? {} : { from: flag.variant }),
      ...(flag.safe_variant === undefined ? {} : { to: flag.safe_variant }),
    }));
}

/** One hold before everything else, where a human has to confirm something. */
function draftHold(input: NormalisedInput, { unsafe, onHold }: Reservations): Draft[] {
  const migrations = findIrreversible(input).map(
    ({ id, state, reversible = "unknown" }) =>
      `migration ${id} is ${state}; reversible: ${reversible}`,
  );
  const precondition = [...migrations, ...unsafe, ...onHold];
  if (precondition.length === 0) return [];
  return [{ ...draftStep("hold", input.release.service), precondition, on_failure: "halt" }];
}

/**
 * Whether the service has recovered. Where it has not and there are steps left, they come next; at
 * the end of the plan it is for a human.
 */
function draftVerify(service: string, success: SuccessCriterion[], isLast: boolean): Draft {
  return { ...draftStep("verify", service), success, on_failure: isLast ? "escalate" : "continue" };
}

function draftStep(action: PlanStep["action"], service: string): Draft {
  return {
    action,
    service,
    reversible: true,
    point_of_no_return: false,
    precondition: [],
    success: [],
    timeout_s: timeoutS[action],
    on_failure: "retry",
  };
}

/** Migrations that have begun and are not known to be reversible. */
function findIrreversible({
  migrations = [],
}: NormalisedInput): NonNullable<NormalisedInput["migrations"]> {
  return migrations.filter(({ state, reversible }) => state !== "pending" && reversible !== "yes");
}

/** Nothing is lost only where it is said that no migration stands in the way. */
function dataLossOf(input: NormalisedInput, { unsafe }: Reservations): Plan["data_loss"] {
  const isKnown = input.migrations !== undefined && unsafe.length === 0;
  return isKnown && findIrreversible(input).length === 0 ? "none" : "unknown";
}
