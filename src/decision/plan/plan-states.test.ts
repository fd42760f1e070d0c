/** The states on the way, against a slow look at each of them. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { NormalisedInput } from "../normalise.ts";
import { createPlan } from "./create-plan.ts";
import type { Plan } from "./plan-schema.ts";
import { arbitraryReleaseGraph, normalise } from "./release-graph.arbitrary.ts";
import { isInRange } from "./version-range.ts";

type Versions = ReadonlyMap<string, "old" | "new">;

/** What goes together: caller, called. */
const together: Readonly<Record<string, readonly string[]>> = {
  both: ["old new", "new old"],
  backward: ["old new"],
  forward: ["new old"],
  none: [],
};

function listBad(input: NormalisedInput, versions: Versions, down: Set<string>): string[] {
  const edges = (input.topology?.edges ?? []).map(({ from, to, kind, compat = "both" }, index) => {
    const pairs = kind === "data" && compat !== "both" ? [] : (together[compat] ?? []);
    const [caller, called] = [versions.get(from), versions.get(to)];
    const isBad =
      caller === undefined || called === undefined
        ? compat === "none" && (caller === "old" || called === "old")
        : caller !== called && !pairs.includes(`${caller} ${called}`);
    return isBad && from !== to ? [`edge ${index}`] : [];
  });
  const schemas = (input.migrations ?? []).map((migration) => {
    const { id, state, service = "a", app_min: min, app_max: max } = migration;
    const { components = [], ...own } = input.release;
    const member = [own, ...components].find((one) => one.service === service);
    const isBad =
      state !== "pending" &&
      versions.get(service) === "old" &&
      !down.has(id) &&
      isInRange(member?.stable?.version, min, max) === "no";
    return isBad ? [`schema ${id}`] : [];
  });
  return [...edges, ...schemas].flat();
}

/** `[first step after which it is bad, step after which it no longer is]`, for each that is. */
function walk(input: NormalisedInput, plan: Plan): string[] {
  const { components = [], service } = input.release;
  const versions = new Map<string, "old" | "new">(
    [service, ...components.map((one) => one.service)].map((name) => [name, "new"]),
  );
  const down = new Set<string>();
  const open = new Map<string, string>();
  const spans: string[] = [];
  for (const step of plan.steps) {
    if (/_(?:shift|revert)$/.test(step.action)) versions.set(step.service, "old");
    if (step.action === "migration_down") down.add(step.migration ?? "");
    const bad = new Set(listBad(input, versions, down));
    for (const one of bad) if (!open.has(one)) open.set(one, step.id);
    for (const [one, since] of open) {
      if (bad.has(one)) continue;
      spans.push(`${since} ${step.id}`);
      open.delete(one);
    }
  }
  return [...spans, ...[...open.values()].map((since) => `${since} undefined`)].sort();
}

test("every bad state on the way is named, from where to where, and no other", () => {
  let hazards = 0;
  fc.assert(
    fc.property(arbitraryReleaseGraph, (raw) => {
      const input = normalise(raw);
      const plan = createPlan(input);
      if (plan === undefined) return;
      hazards += plan.hazards.length;
      const named = plan.hazards.map((one) => `${one.after_step} ${one.until_step}`).sort();
      expect(named).toEqual(walk(input, plan));
    }),
    { numRuns: 600 },
  );
  expect(hazards).toBeGreaterThan(50);
});
