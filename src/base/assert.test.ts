import { expect, test } from "vitest";
import { assert } from "./assert.ts";

test("narrows what it has seen to hold", () => {
  const found: string | undefined = ["a"].find((name) => name === "a");
  assert(found !== undefined, "there is an a");
  expect(found.length).toBe(1);
});

test("says what should have held", () => {
  expect(() => assert(false, "sizes agree")).toThrow("invariant broken: sizes agree");
});
