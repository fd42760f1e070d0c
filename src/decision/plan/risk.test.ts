import { expect, test } from "vitest";
import { createPlan } from "./create-plan.ts";
import { normalise } from "./release-graph.arbitrary.ts";
import { isCompensated } from "./risk.ts";

const release = {
  service: "a",
  candidate: { version: "2.0.0" },
  stable: { version: "1.0.0" },
  components: [{ service: "b", candidate: { version: "2.0.0" } }],
};

/** What is asked before anything starts, and before the service goes back. */
function asked(rest: object, ...places: string[]) {
  const flags = [{ key: "f", kill_switch: true, covers_release: true }];
  const unsafe = places.length === 0 ? [] : [{ line: "doubt", places }];
  const input = normalise({ release, flags, migrations: [], ...rest });
  const plan = createPlan(input, { unsafe, onHold: [], advice: [] });
  const hold = plan?.steps.find(({ action }) => action === "hold");
  const ends = plan?.steps.filter((step) => step.point_of_no_return).map(({ action }) => action);
  return { at: hold?.id, lines: hold?.precondition, ends, loss: plan?.data_loss };
}

test("rows that the old version cannot read", () => {
  const integrity = { unreadable_by_stable: 3 };
  expect(asked({ data_integrity: integrity })).toEqual({
    at: "3-hold",
    lines: ["rows that 2.0.0 has written cannot be read by 1.0.0"],
    ends: ["artifact_revert"],
    loss: "unknown",
  });
});

test("a queue that the old version cannot read", () => {
  const queues = [{ id: "q", service: "a", readable_by_stable: false }];
  expect(asked({ data_integrity: { queues } })).toMatchObject({
    at: "3-hold",
    ends: ["queue_resume"],
    loss: "unknown",
  });
});

test("a doubt about a migration that is left is asked before its service goes back", () => {
  const migrations = [
    { id: "m", state: "applied", phase: "expand", app_min: "1.0.0", app_max: "2.0.0" },
  ];
  expect(asked({ migrations })).toMatchObject({ at: undefined, loss: "none" });
  expect(asked({ migrations }, "/migrations/0/phase")).toEqual({
    at: "3-hold",
    lines: ["doubt"],
    ends: ["artifact_revert"],
    loss: "unknown",
  });
});

test.each([
  [
    "of another service",
    "/migrations/0",
    { migrations: [{ id: "m", state: "applied", service: "b" }] },
  ],
  ["that is on no list", "/migrations/7", {}],
  [
    "of a consumer that stays",
    "/data_integrity/queues/0",
    { data_integrity: { queues: [{ id: "q", service: "b" }] } },
  ],
  [
    "of a cache that is readable",
    "/data_integrity/caches/0",
    { data_integrity: { caches: [{ id: "c", service: "a", readable_by_stable: true }] } },
  ],
  [
    "of who goes on",
    "/data_integrity/compensations/0",
    { data_integrity: { compensations: [{ id: "c", service: "b" }] } },
  ],
  ["of a flag that is off", "/flags/0", { flags: [{ key: "f", exposure_ratio: 0 }] }],
])("a doubt about something %s may be about everything", (_name, place, rest) => {
  expect(asked(rest, place)).toEqual({
    at: "1-hold",
    lines: ["doubt"],
    ends: ["artifact_revert"],
    loss: "unknown",
  });
});

test("a flag goes back without its service: what stands in the way is asked first", () => {
  const migrations = [{ id: "m", state: "applied", reversible: "no" }];
  const raw = { release: { ...release, strategy: "flag" }, migrations };
  expect(asked(raw)).toMatchObject({ at: "1-hold", ends: [] });
});

test("what is compensated: what goes back has done, and what was never released", () => {
  const input = normalise({ release });
  const scope = new Map();
  expect(isCompensated("b", { input, scope })).toBe(false);
  expect(isCompensated("mail", { input, scope })).toBe(true);
  expect(isCompensated(undefined, { input, scope })).toBe(false);
});
