import { expect, test } from "vitest";
import { countResolutions, type GivenResolution } from "./resolution.ts";

const nowMs = 1_767_225_600_000;

function given(subject: string, more: Partial<GivenResolution> = {}): GivenResolution {
  return {
    choice: "rollback",
    subject,
    role: "release-manager",
    break_glass: false,
    at_ms: nowMs - 60_000,
    expires_ms: nowMs + 60_000,
    ...more,
  };
}

const one = { peopleMin: 1, author: "eve" };
const two = { peopleMin: 2, author: "eve" };

test.each([
  ["nobody", [], one, undefined, "nobody has answered"],
  ["one person", [given("ann")], one, "rollback", undefined],
  ["one of two", [given("ann")], two, undefined, "1 more person has to agree"],
  ["two", [given("ann"), given("bob")], two, "rollback", undefined],
  ["one person twice", [given("ann"), given("ann")], two, undefined, "1 more person has to agree"],
  ["the author alone", [given("eve")], one, undefined, "somebody else than who made the release"],
  ["the author beside another", [given("eve"), given("ann")], two, "rollback", undefined],
  ["two who disagree", [given("ann"), given("bob", { choice: "hold" })], two, undefined, "1 more"],
  [
    "one who has thought again",
    [given("ann"), given("bob", { choice: "hold" }), given("bob")],
    two,
    "rollback",
    undefined,
  ],
  [
    "the later word of one",
    [given("ann"), given("ann", { choice: "hold" })],
    one,
    "hold",
    undefined,
  ],
  ["one that has expired", [given("ann", { expires_ms: nowMs })], one, undefined, "has expired"],
  [
    "one of two has expired",
    [given("ann", { expires_ms: nowMs }), given("bob")],
    two,
    undefined,
    "1 more person has to agree",
  ],
  ["break glass", [given("eve", { break_glass: true })], two, "rollback", undefined],
  [
    "break glass that has expired",
    [given("eve", { break_glass: true, expires_ms: nowMs - 1 })],
    two,
    undefined,
    "has expired",
  ],
])("%s", (_name, resolutions, rules, choice, missing) => {
  const resolved = countResolutions(resolutions, rules, nowMs);
  expect(resolved.choice).toBe(choice);
  expect(resolved.missing ?? "").toContain(missing ?? "");
  expect(resolved.missing === undefined).toBe(choice !== undefined);
});

test("what was agreed to holds as long as every part of it, and tells who broke the glass", () => {
  const agreed = countResolutions(
    [given("ann"), given("bob", { expires_ms: nowMs + 1 })],
    two,
    nowMs,
  );
  expect(agreed).toEqual({
    choice: "rollback",
    expires_ms: nowMs + 1,
    break_glass: false,
    by: ["ann", "bob"],
  });
  const broken = countResolutions([given("ann"), given("eve", { break_glass: true })], two, nowMs);
  expect(broken).toMatchObject({ break_glass: true, by: ["eve"] });
});
