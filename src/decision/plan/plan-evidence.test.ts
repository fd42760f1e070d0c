/** Evidence that is taken away: what a plan then is, and what it says. */

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPlan } from "./create-plan.ts";
import type { Plan } from "./plan-schema.ts";
import {
  arbitraryCounsel,
  arbitraryReleaseGraph,
  tryNormalise,
} from "./release-graph.arbitrary.ts";

/** Lower is safer. */
function measure({ steps, hazards, data_loss: dataLoss }: Plan): number[] {
  return [
    steps.reduce((sum, { precondition }) => sum + precondition.length, 0),
    steps.filter((step) => step.point_of_no_return).length,
    steps.filter(({ reversible }) => !reversible).length,
    ["none", "bounded", "unknown"].indexOf(dataLoss),
    hazards.length,
  ];
}

function isSaferAnywhere(plan: Plan, before: Plan): boolean {
  const measures = measure(before);
  return measure(plan).some((one, index) => one < (measures[index] ?? 0));
}

/** JSON Pointers of every member of every object. */
function listMembers(value: unknown, pointer = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const own = `${pointer}/${key}`;
    return [...(Array.isArray(value) ? [] : [own]), ...listMembers(member, own)];
  });
}

function without(value: unknown, pointer: string): unknown {
  const copy: unknown = structuredClone(value);
  const keys = pointer.split("/").slice(1);
  const last = keys.pop() ?? "";
  const parent = keys.reduce((one, key) => (one as Record<string, unknown>)[key], copy);
  delete (parent as Record<string, unknown>)[last];
  return copy;
}

/** Checks every member that may be left out, of every generated release. */
function checkDeletions(
  isChecked: (pointer: string) => boolean,
  check: (plan: Plan, before: Plan, pointer: string) => void,
): void {
  let compared = 0;
  fc.assert(
    fc.property(arbitraryReleaseGraph, arbitraryCounsel, (raw, counsel) => {
      const input = tryNormalise(raw);
      const before = input === undefined ? undefined : createPlan(input, counsel);
      if (before === undefined) return;
      for (const pointer of listMembers(raw).filter(isChecked)) {
        const poorer = tryNormalise(without(raw, pointer));
        const plan = poorer === undefined ? undefined : createPlan(poorer, counsel);
        if (plan === undefined) continue;
        compared += 1;
        check(plan, before, pointer);
      }
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(100);
}

test("what makes a plan look safer by being left out is named in it as absent", () => {
  checkDeletions(
    () => true,
    (plan, before, pointer) => {
      if (!isSaferAnywhere(plan, before)) return;
      const added = plan.absent.filter((one) => !before.absent.includes(one));
      expect({
        pointer,
        isNamed: added.some((one) => one === pointer || one.startsWith(`${pointer}/`)),
      }).toEqual({ pointer, isNamed: true });
    },
  );
});

test("a plan is no safer without what speaks for going back", () => {
  const reassuring =
    /^\/(?:migrations\/\d+\/(?:backup(?:\/\w+)?|rpo_s|applied_at_ms)|environment(?:\/.*)?|health(?:\/.*)?|topology\/nodes|data_integrity\/(?:caches|compensations)\/\d+\/\w+)$/;
  checkDeletions(
    (pointer) => reassuring.test(pointer),
    (plan, before, pointer) => {
      expect({ pointer, isSafer: isSaferAnywhere(plan, before) }).toEqual({
        pointer,
        isSafer: false,
      });
    },
  );
});
