import { expect, test } from "vitest";
import { normalise } from "./release-graph.arbitrary.ts";
import type { ReleasedService } from "./released-service.ts";
import { sortReservations } from "./reservation.ts";
import { draftChanges, listCaches, listQueues } from "./service-steps.ts";
import { draftStep, final } from "./step-draft.ts";

function outline(rest: Partial<ReleasedService>, isFinal = false) {
  const member: ReleasedService = {
    service: "a",
    from: "2.0.0",
    target: { version: "1.0.0" },
    strategy: undefined,
    configDiff: [],
    ...rest,
  };
  return draftChanges(member, isFinal).map(
    ({ action, point_of_no_return: ends }) => `${action}${ends ? "!" : ""}`,
  );
}

const configDiff = [
  { key: "timeout", from: "800", to: "200" },
  { key: "added", to: "on" },
];
test.each<[ReleasedService["strategy"], string[], string[]]>([
  [undefined, ["artifact_revert"], ["artifact_revert", "config_revert"]],
  ["rolling", ["artifact_revert"], ["artifact_revert", "config_revert"]],
  [
    "canary",
    ["traffic_shift", "artifact_revert"],
    ["traffic_shift", "artifact_revert", "config_revert"],
  ],
  [
    "bluegreen",
    ["traffic_shift", "artifact_revert"],
    ["traffic_shift", "artifact_revert", "config_revert"],
  ],
  ["config", ["config_revert"], ["config_revert"]],
  ["flag", [], []],
  ["database", [], []],
])("what changes with the strategy %s, without and with settings", (strategy, bare, settings) => {
  expect(outline({ strategy })).toEqual(bare);
  expect(outline({ strategy, configDiff })).toEqual(settings);
  expect(outline({ strategy, target: {} })).toEqual([]);
});

test("settings are put back: the sides are swapped, and an absent one stays absent", () => {
  const member = {
    service: "a",
    from: "2",
    target: { version: "1" },
    strategy: "config",
    configDiff,
  } as const;
  expect(draftChanges({ ...member, configDiff: [...configDiff] }, true)).toEqual([
    draftStep("config_revert", "a", {
      from: "2",
      to: "1",
      config: [
        { key: "timeout", from: "200", to: "800" },
        { key: "added", from: "on" },
      ],
      ...final,
    }),
  ]);
});

test("what cannot be undone is the change of the artifact", () => {
  expect(outline({ strategy: "canary", configDiff }, true)).toEqual([
    "traffic_shift",
    "artifact_revert!",
    "config_revert",
  ]);
});

const input = normalise({
  release: { service: "a", candidate: { version: "2" } },
  data_integrity: {
    queues: [
      { id: "q", service: "b" },
      { id: "r", service: "a", readable_by_stable: true },
      { id: "s", service: "a", readable_by_stable: false },
    ],
    caches: [
      { id: "c", service: "a", readable_by_stable: true },
      { id: "d", service: "a" },
      { id: "e", service: "b", readable_by_stable: false },
    ],
  },
});

test("the queues of a consumer, and what cannot be read from them", () => {
  const concerns = sortReservations([{ line: "doubt", places: ["/data_integrity/queues/1"] }]);
  const queues = listQueues(input, "a", concerns);
  expect(queues.map(({ asks }) => asks)).toEqual([
    ["doubt"],
    ["queue s may hold what the version that a goes back to cannot read"],
  ]);
  expect(queues.map(({ resume }) => resume.point_of_no_return)).toEqual([true, true]);
  const [calm] = listQueues(input, "b", concerns);
  expect(calm).toMatchObject({ asks: [], resume: { queue: "q", point_of_no_return: false } });
});

test("the caches that are not known to be readable", () => {
  const concerns = sortReservations([{ line: "doubt", places: ["/data_integrity/caches/2"] }]);
  expect(listCaches(input, "a", concerns)).toMatchObject([
    { draft: { action: "cache_invalidate", cache: "d", reversible: true }, asks: [] },
  ]);
  expect(listCaches(input, "b", concerns)).toMatchObject([
    { draft: { cache: "e", point_of_no_return: true }, asks: ["doubt"] },
  ]);
});
