import { expect, test } from "vitest";
import type { NormalisedInput } from "../normalise.ts";
import type { Plan } from "../plan/plan-schema.ts";
import { findActivePlan } from "./active-plan.ts";

const plan = { plan_id: "sha256:ab", release_id: "r1" } as Plan;
const digest = `sha256:${"ab".repeat(32)}`;

function inputOf(active: object | undefined, release: object = {}): NormalisedInput {
  return {
    history: active === undefined ? {} : { active_rollback: active },
    release: { id: "r1", candidate: { version: "2", digest }, ...release },
  } as NormalisedInput;
}

test.each([
  ["nothing under way", inputOf(undefined), undefined],
  ["the same artifact", inputOf({ plan, candidate_version: "2b", candidate_digest: digest }), plan],
  ["the same version, by no digest", inputOf({ plan, candidate_version: "2" }), plan],
  [
    "another artifact of that version",
    inputOf({ plan, candidate_version: "2", candidate_digest: "x" }),
    undefined,
  ],
  ["another version", inputOf({ plan, candidate_version: "3" }), undefined],
  ["another roll-out of it", inputOf({ plan, candidate_version: "2" }, { id: "r2" }), undefined],
  ["one whose plan is not known", inputOf({ candidate_version: "2" }), undefined],
])("%s", (_name, input, expected) => {
  expect(findActivePlan(input)).toBe(expected);
});
