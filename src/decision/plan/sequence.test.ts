import { expect, test } from "vitest";
import { Sequence } from "./sequence.ts";
import { draftStep } from "./step-draft.ts";

const criterion = { service: "a", signal: "s", op: "<=" as const, value: 0, min_n: 1 };

test("steps name what they wait for, once, and the first of those they belong to", () => {
  const sequence = new Sequence();
  const first = sequence.add(draftStep("queue_pause", "a"), []);
  const second = sequence.add(draftStep("artifact_revert", "a"), [first, first], { start: first });
  sequence.verify("a", [], [second]);
  expect(sequence.steps.map(({ after, start }) => [after, start])).toEqual([
    [[], 0],
    [[0], 0],
    [[1], 2],
  ]);
  expect(sequence.ends()).toEqual([2]);
  expect(new Sequence().ends()).toEqual([]);
});

test.each([
  [[], 600],
  [[300], 600],
  [[60, 3_600.5], 7_201],
  [[1e9], 86_400],
])("with windows of %j seconds a verification may take %i", (windows, timeoutS) => {
  const sequence = new Sequence();
  const success = windows.map((windowS) => ({ ...criterion, window_s: windowS }));
  sequence.verify("a", success, []);
  expect(sequence.steps[0]?.draft).toMatchObject({ success, timeout_s: timeoutS });
});
