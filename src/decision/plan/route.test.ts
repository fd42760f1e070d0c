import { expect, test } from "vitest";
import { createPlan } from "./create-plan.ts";
import { normalise } from "./release-graph.arbitrary.ts";
import { findRoute } from "./route.ts";

function released(service: string) {
  return { service, candidate: { version: "2.0.0" }, stable: { version: "1.0.0" } };
}

const none = { unsafe: [], onHold: [], advice: [] };

test("the target of a policy is where the plan leads", () => {
  const input = normalise({ release: released("a") });
  const target = { act: "target" as const, policy: "p", service: "a", version: "0.9.0" };
  const plan = createPlan(input, { ...none, advice: [target] });
  expect(plan?.target).toEqual({ version: "0.9.0" });
  expect(plan?.steps[0]).toMatchObject({ from: "2.0.0", to: "0.9.0" });
});

test("a service that a policy includes without a place to go to is asked about first", () => {
  const include = { act: "include" as const, policy: "p", service: "z", why: "its contract" };
  const plan = createPlan(normalise({ release: released("a") }), { ...none, advice: [include] });
  const why = "should go back too, and nothing is named for it to go back to";
  expect(plan?.steps[0]).toMatchObject({ action: "hold", precondition: [`z ${why}`] });
  expect(plan?.scope).toEqual({
    services: ["a"],
    kind: "single",
    excluded: [{ service: "z", why }],
  });
});

test("components whose flag or migration cannot go back do not", () => {
  const edges = [
    { from: "a", to: "b", kind: "sync", compat: "none" },
    { from: "a", to: "c", kind: "sync", compat: "none" },
  ];
  const components = [
    { ...released("b"), strategy: "flag" },
    { ...released("c"), strategy: "database" },
  ];
  const raw = { release: { ...released("a"), components }, topology: { edges } };
  expect(findRoute(normalise(raw), none)?.scope.stranded).toHaveLength(2);
  const flags = [{ key: "f", kill_switch: true, covers_release: true, service: "b" }];
  const migrations = [{ id: "m", state: "applied", service: "c" }];
  const route = findRoute(normalise({ ...raw, flags, migrations }), none);
  expect(route?.scope.stranded).toEqual([]);
});

/** A search through orders would not end; what is here takes some tens of milliseconds. */
test("a hundred services and two hundred migrations, tangled, are planned within five seconds", () => {
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const compat = ["none", "forward", "backward", "both"];
  const edges = names.flatMap((from, index) =>
    [1, 3, 7, 20, 51].map((step) => ({
      from,
      to: names[(index + step) % names.length],
      kind: "sync",
      compat: step === 1 ? "none" : compat[(index + step) % compat.length],
    })),
  );
  const migrations = Array.from({ length: 200 }, (_, index) => ({
    id: `m${index}`,
    state: "applied",
    reversible: index % 3 === 0 ? "no" : "yes",
    service: names[index % 100],
    readers: names.filter((_name, other) => (index + other) % 9 === 0),
    app_min: index % 5 === 0 ? "2.0.0" : "1.0.0",
    app_max: "2.0.0",
  }));
  const [own = "", ...others] = names;
  const input = normalise({
    release: { ...released(own), components: others.map(released) },
    topology: { edges },
    migrations,
    data_integrity: {
      queues: names.map((service) => ({ id: `q-${service}`, service })),
      caches: names.map((service) => ({ id: `c-${service}`, service })),
    },
  });
  const startMs = performance.now();
  const plan = createPlan(input);
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(plan?.scope.services).toHaveLength(100);
  expect(plan?.steps.filter(({ action }) => action === "migration_down").length).toBeGreaterThan(
    99,
  );
});
