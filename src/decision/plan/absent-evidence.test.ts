import { expect, test } from "vitest";
import { listAbsent } from "./absent-evidence.ts";
import { normalise } from "./release-graph.arbitrary.ts";

const release = {
  service: "a",
  candidate: { version: "2.0.0" },
  stable: { version: "1.0.0" },
  strategy: "canary",
};

test("what a short request leaves out", () => {
  expect(listAbsent(normalise({ release }), new Set(["a"]))).toEqual([
    "/release/components",
    "/topology/edges",
    "/topology/deploy_order",
    "/flags",
    "/migrations",
    "/data_integrity/unreadable_by_stable",
    "/data_integrity/queues",
    "/data_integrity/caches",
    "/data_integrity/compensations",
  ]);
});

test("what is said of nothing is said; what is said of something may be half of it", () => {
  const input = normalise({
    release: { ...release, components: [{ service: "b", candidate: { version: "2" } }] },
    topology: {
      edges: [
        { from: "a", to: "b", kind: "sync", compat: "both" },
        { from: "b", to: "c", kind: "sync" },
        { from: "b", to: "a", kind: "sync" },
      ],
      deploy_order: [],
    },
    flags: [{ key: "f", kill_switch: true, covers_release: true, service: "a" }],
    migrations: [
      { id: "m", state: "pending" },
      { id: "n", state: "applied", phase: "expand", reversible: "yes", service: "a" },
    ],
    data_integrity: {
      unreadable_by_stable: 0,
      queues: [{ id: "q", service: "a" }],
      caches: [],
      compensations: [],
    },
  });
  expect(listAbsent(input, new Set(["a"]))).toEqual([
    "/release/components/0/strategy",
    "/release/components/0/stable/version",
    "/topology/edges/2/compat",
    "/flags/0/guards_migration",
    "/migrations/1/readers",
    "/migrations/1/app_min",
    "/migrations/1/app_max",
    "/data_integrity/queues/0/readable_by_stable",
  ]);
});
