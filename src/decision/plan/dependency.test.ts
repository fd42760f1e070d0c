import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withoutImplied } from "./dependency.ts";

function ancestors(after: readonly (readonly number[])[]): Set<number>[] {
  const all: Set<number>[] = [];
  for (const before of after) {
    all.push(new Set(before.flatMap((one) => [one, ...(all[one] ?? [])])));
  }
  return all;
}

test("what follows from the rest is left out", () => {
  expect(withoutImplied([[], [0], [0, 1], [], [3, 2, 0, 2]])).toEqual([[], [0], [1], [], [2, 3]]);
});

test("the order stays the same, and no dependency could be spared", () => {
  const arbitraryAfter = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 80 })
    .map((all) => all.map((some, place) => (place === 0 ? [] : some.map((one) => one % place))));
  fc.assert(
    fc.property(arbitraryAfter, (after) => {
      const kept = withoutImplied(after);
      const all = ancestors(kept);
      expect(all).toEqual(ancestors(after));
      for (const before of kept) {
        expect(before.filter((one) => before.some((other) => all[other]?.has(one)))).toEqual([]);
      }
    }),
  );
});
