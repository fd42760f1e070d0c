import { expect, test } from "vitest";
import { createPlan } from "./create-plan.ts";
import { findBadStates } from "./hazards.ts";
import { normalise } from "./release-graph.arbitrary.ts";

function released(service: string) {
  return { service, candidate: { version: "2.0.0" }, stable: { version: "1.0.0" } };
}

function hazards(edges: readonly object[], rest: object = {}) {
  const release = { ...released("a"), components: [released("b"), released("c")] };
  return createPlan(normalise({ release, topology: { edges }, ...rest }))?.hazards;
}

test("nothing that goes together only old with old is avoided by any order", () => {
  const edge = { from: "a", to: "b", kind: "data", compat: "none" };
  expect(hazards([edge])).toEqual([
    {
      after_step: "2-artifact_revert",
      until_step: "4-artifact_revert",
      why: "a at 1.0.0 calls b at 2.0.0, and their contract holds for no mix of old and new",
    },
  ]);
});

test("a service that was not released stays in a bad state", () => {
  const edge = { from: "z", to: "a", kind: "sync", contract: "cart-v2", compat: "none" };
  expect(hazards([edge])).toEqual([
    {
      after_step: "2-artifact_revert",
      why: "z calls a at 1.0.0, and contract cart-v2 holds for no mix of old and new",
    },
  ]);
});

test("contracts that contradict each other say which way they do not hold", () => {
  const edges = [
    { from: "a", to: "b", kind: "sync", compat: "forward" },
    { from: "b", to: "a", kind: "sync", compat: "forward" },
  ];
  expect(hazards(edges)?.map(({ why }) => why)).toEqual([
    "a at 1.0.0 calls b at 2.0.0, and their contract does not hold for an old caller and a new called",
  ]);
  const backward = edges.map((edge) => ({ ...edge, compat: "backward" }));
  expect(hazards(backward)?.map(({ why }) => why)).toEqual([
    "b at 2.0.0 calls a at 1.0.0, and their contract does not hold for a new caller and an old called",
  ]);
});

test("a schema is bad from when the old version meets it until it is taken down", () => {
  const migration = { id: "m", state: "applied", reversible: "yes", app_min: "1.5.0" };
  expect(hazards([], { migrations: [migration] })).toEqual([
    {
      after_step: "2-artifact_revert",
      until_step: "4-migration_down",
      why: "a at 1.0.0 meets the schema of migration m, which is for versions from 1.5.0",
    },
  ]);
  const contract = { ...migration, phase: "contract" };
  expect(hazards([], { migrations: [contract] })).toEqual([]);
});

test("no steps, no states", () => {
  const none = new Map();
  expect(findBadStates({ steps: [], edges: [], released: none, scope: none, courses: [] })).toEqual(
    [],
  );
});
