/** What holds for every plan, over generated releases of several services. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../base/canonical-json.ts";
import { sha256Hex } from "../../base/digest.ts";
import { createPlan } from "./create-plan.ts";
import { type Plan, type PlanStep, planSchema } from "./plan-schema.ts";
import { arbitraryCounsel, arbitraryReleaseGraph, normalise } from "./release-graph.arbitrary.ts";

/** By step: all that has to be through before it, by ids. */
function ancestorsOf(plan: Plan): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { id, depends_on } of plan.steps) {
    const own = new Set(depends_on);
    for (const one of depends_on) for (const far of ancestors.get(one) ?? []) own.add(far);
    ancestors.set(id, own);
  }
  return ancestors;
}

function checkPlans(check: (plan: Plan, ancestors: Map<string, Set<string>>) => void): void {
  let planned = 0;
  fc.assert(
    fc.property(arbitraryReleaseGraph, arbitraryCounsel, (raw, counsel) => {
      const plan = createPlan(normalise(raw), counsel);
      if (plan === undefined) return;
      planned += 1;
      check(plan, ancestorsOf(plan));
    }),
    { numRuns: 400 },
  );
  expect(planned).toBeGreaterThan(150);
}

const isPreparation = ({ action }: PlanStep) => action === "queue_pause" || action === "gitops_pin";
const isChange = (step: PlanStep) =>
  step.action !== "hold" && step.action !== "verify" && !isPreparation(step);

test("a plan fits its schema, is named by its hash, and names each step once", () => {
  checkPlans((plan) => {
    planSchema.parse(plan);
    const { plan_id, ...content } = plan;
    expect(plan_id).toBe(`sha256:${sha256Hex(canonicalJson(content))}`);
    const { steps } = plan;
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    expect(new Set(steps.map((step) => step.idempotency_key)).size).toBe(steps.length);
  });
});

test("no step comes before one that it depends on, and none depends on what is implied", () => {
  checkPlans(({ steps }, ancestors) => {
    const seen = new Set<string>();
    for (const { id, depends_on } of steps) {
      expect(depends_on.filter((one) => !seen.has(one))).toEqual([]);
      for (const one of depends_on) {
        expect(depends_on.filter((other) => ancestors.get(other)?.has(one))).toEqual([]);
      }
      seen.add(id);
    }
  });
});

test("every change is verified before anything rests on it, and the plan ends so", () => {
  checkPlans(({ steps }, ancestors) => {
    for (const [index, step] of steps.entries()) {
      if (!isChange(step)) continue;
      const next = steps[index + 1];
      expect(next).toMatchObject({ action: "verify", service: step.service });
      expect(next?.depends_on).toEqual([step.id]);
      expect(steps.filter((one) => one.depends_on.includes(step.id))).toHaveLength(1);
    }
    for (const { id } of steps.filter(isPreparation)) {
      const later = steps.filter((one) => ancestors.get(one.id)?.has(id));
      expect(later.some(({ action }) => action === "verify")).toBe(true);
    }
    const last = steps.at(-1);
    expect(last).toMatchObject({ action: "verify", on_failure: "escalate" });
    const awaited = ancestors.get(last?.id ?? "");
    expect(steps.filter(({ id }) => id !== last?.id && !awaited?.has(id))).toEqual([]);
  });
});

test("nothing unsafe and nothing that begins a bad state goes without a human before it", () => {
  checkPlans(({ steps, hazards }, ancestors) => {
    const holds = new Set(steps.filter(({ action }) => action === "hold").map(({ id }) => id));
    const begins = new Set(hazards.map((hazard) => hazard.after_step));
    for (const { id, point_of_no_return: isFinal, precondition, reversible, action } of steps) {
      expect(precondition.length > 0).toBe(action === "hold");
      expect(reversible).toBe(!isFinal);
      if (!isFinal && !begins.has(id)) continue;
      expect([...(ancestors.get(id) ?? [])].some((one) => holds.has(one))).toBe(true);
    }
    // Nobody is kept waiting in a bad state.
    const placeOf = new Map(steps.map(({ id }, place) => [id, place]));
    for (const { after_step: from, until_step: until } of hazards) {
      const end = until === undefined ? steps.length : (placeOf.get(until) ?? 0);
      const during = steps.slice((placeOf.get(from) ?? 0) + 1, end);
      expect(during.filter(({ action }) => action === "hold")).toEqual([]);
    }
  });
});

test("a human who takes part in everything is asked first", () => {
  fc.assert(
    fc.property(arbitraryReleaseGraph, arbitraryCounsel, (raw, counsel) => {
      const plan = createPlan(normalise(raw), { ...counsel, onHold: ["policy p found HOLD"] });
      const [first, ...rest] = plan?.steps ?? [];
      if (plan === undefined || first === undefined) return;
      expect(first).toMatchObject({ action: "hold", depends_on: [] });
      expect(first.precondition).toContain("policy p found HOLD");
      expect(rest.filter((step) => step.depends_on.length === 0)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("migrations go down when nobody needs them, and what a contract took comes back first", () => {
  let seen = 0;
  fc.assert(
    fc.property(arbitraryReleaseGraph, arbitraryCounsel, (raw, counsel) => {
      const input = normalise(raw);
      const plan = createPlan(input, counsel);
      if (plan === undefined) return;
      const ancestors = ancestorsOf(plan);
      for (const down of plan.steps.filter(({ action }) => action === "migration_down")) {
        const migration = input.migrations?.find(({ id }) => id === down.migration);
        const owner = migration?.service ?? input.release.service;
        const readers = new Set([owner, ...(migration?.readers ?? [])]);
        const reverts = plan.steps.filter(
          ({ action, service }) =>
            ["traffic_shift", "artifact_revert", "config_revert"].includes(action) &&
            readers.has(service),
        );
        for (const revert of reverts) {
          seen += 1;
          const [first, second] = migration?.phase === "contract" ? [down, revert] : [revert, down];
          expect(ancestors.get(second.id)?.has(first.id)).toBe(true);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(seen).toBeGreaterThan(20);
});

test("queues stand still while their consumer changes", () => {
  checkPlans(({ steps }, ancestors) => {
    const paused = steps.filter(({ action }) => action === "queue_pause");
    for (const { id, queue, service } of paused) {
      const changes = steps.filter(
        (step) => /_(?:shift|revert)$/.test(step.action) && step.service === service,
      );
      const resumed = steps.find((one) => one.action === "queue_resume" && one.queue === queue);
      expect(changes.length).toBeGreaterThan(0);
      for (const change of changes) {
        expect(ancestors.get(change.id)?.has(id)).toBe(true);
        expect(ancestors.get(resumed?.id ?? "")?.has(change.id)).toBe(true);
      }
    }
    const resumes = steps.filter(({ action }) => action === "queue_resume");
    expect(resumes).toHaveLength(paused.length);
  });
});

test("the same question has the same plan, whatever the time and the numbers are by then", () => {
  fc.assert(
    fc.property(arbitraryReleaseGraph, arbitraryCounsel, (raw, counsel) => {
      const plan = createPlan(normalise(raw), counsel);
      expect(createPlan(normalise(structuredClone(raw)), counsel)).toEqual(plan);
      expect(createPlan(normalise(raw, 1_767_225_660_000), counsel)).toEqual(plan);
    }),
    { numRuns: 150 },
  );
});
