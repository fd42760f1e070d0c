import { expect, test } from "vitest";
import { type HoldInput, placeHolds } from "./holds.ts";
import type { SequencedStep } from "./sequence.ts";
import { draftStep } from "./step-draft.ts";

function step(after: number[], asks: string[] = [], start?: number): SequencedStep {
  return { draft: draftStep("artifact_revert", "a"), after, asks, start: start ?? after.length };
}

function outline(rest: Partial<HoldInput> & Pick<HoldInput, "steps">): string[] {
  const steps = rest.steps.map((one, place) => ({
    ...one,
    start: one.asks?.includes("below") === true ? place - 1 : place,
  }));
  const placed = placeHolds({ service: "own", badStates: [], beforeAll: [], ...rest, steps });
  return placed.steps.map(({ draft, after }) => {
    const name =
      draft.action === "hold" ? `${draft.service}: ${draft.precondition.join(", ")}` : "-";
    return `${name} <${after.join(",")}`;
  });
}

test("without anything to ask nothing is added", () => {
  expect(outline({ steps: [step([]), step([0])] })).toEqual(["- <", "- <0"]);
});

test("a hold stands right before what asks, and waits for what that waited for", () => {
  expect(outline({ steps: [step([]), step([0], ["x"]), step([1])] })).toEqual([
    "- <",
    "a: x <0",
    "- <1",
    "- <2",
  ]);
});

test("a hold for a step that belongs to the one above stands above both", () => {
  expect(outline({ steps: [step([]), step([0]), step([1], ["below"])] })).toEqual([
    "- <",
    "a: below <0",
    "- <1",
    "- <2",
  ]);
});

test("what a human agrees to before anything starts is waited for by all", () => {
  const steps = [step([], ["x"]), step([]), step([0, 1])];
  expect(outline({ steps, beforeAll: ["y"] })).toEqual(["own: y, x <", "- <0", "- <0", "- <1,2"]);
});

test("a hold in the middle waits for the one before everything", () => {
  const steps = [step([]), step([], ["x"])];
  expect(outline({ steps, beforeAll: ["y"] })).toEqual(["own: y <", "- <0", "a: x <0", "- <2"]);
});

test("what was agreed to once is not asked again, and yet waited for", () => {
  const steps = [step([], ["x"]), step([], ["x"]), step([], ["x", "y"])];
  expect(outline({ steps })).toEqual(["a: x <", "- <0", "- <0", "a: y <0", "- <3"]);
});

test("nobody is asked while a state is bad: the hold moves up before it", () => {
  const steps = [step([]), step([0]), step([1]), step([2], ["x"]), step([3])];
  const bad = { from: 1, until: 3, why: "bad" };
  expect(outline({ steps, badStates: [bad] })).toEqual([
    "- <",
    "a: x, bad <0",
    "- <1",
    "- <2",
    "- <3",
    "- <4",
  ]);
  // Bad states that run into each other, and one that stays.
  const more = [bad, { from: 3, until: undefined, why: "worse" }];
  const later = [...steps.slice(0, 3), step([2]), step([3], ["x"])];
  expect(outline({ steps: later, badStates: more })[1]).toBe("a: x, bad, worse <0");
});
