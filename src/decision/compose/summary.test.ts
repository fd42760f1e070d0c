import { expect, test } from "vitest";
import type { Answer } from "../answer.ts";
import {
  answerWith,
  clear,
  compose,
  find,
  health,
  normalise,
  release,
  rollback,
} from "./composition.arbitrary.ts";

const escalate = { verdict: "escalate" as const };
test.each<[string, Answer, string]>([
  [
    "row 2",
    {
      ...answerWith(find("regression"), { ...escalate, row: 2, level: "page" }),
      findings: [find("regression"), find("unsafe", { policy: "migration_safety" })],
    },
    "checkout: a human decides on 2.4.0: burns 18 times too fast",
  ],
  [
    "row 4",
    answerWith(find("hold", { message: "2 approvals are missing" }), {
      ...escalate,
      row: 4,
      level: "notify",
    }),
    "checkout: a human decides on 2.4.0: 2 approvals are missing",
  ],
  [
    "row 5",
    answerWith(find("insufficient", { message: "no traffic" }), {
      ...escalate,
      row: 5,
      level: "notify",
    }),
    "checkout: a human decides on 2.4.0: no traffic (rate 18 > 14.4)",
  ],
  [
    "row 6",
    answerWith(find("insufficient", { message: "no traffic", evidence: [] }), {
      ...escalate,
      row: 6,
      level: "wait",
      retry_after_ms: 14_200,
    }),
    "checkout: wait 15 s with 2.4.0, then ask again: no traffic",
  ],
  [
    "row 7, hold",
    answerWith(find("hold"), { row: 7 }),
    "checkout: carry on with 2.4.0, but do not promote it: burns 18 times too fast",
  ],
  [
    "row 7, insufficient",
    answerWith(find("insufficient"), { row: 7 }),
    "checkout: carry on with 2.4.0, not judged yet: burns 18 times too fast",
  ],
  [
    "row 7, unsafe",
    answerWith(find("unsafe"), { row: 7 }),
    "checkout: carry on with 2.4.0, which cannot safely go back any more: burns 18 times too fast",
  ],
  [
    "row 7, notes",
    {
      ...answerWith(find("note"), { row: 7 }),
      findings: [find("note"), find("note"), find("note")],
    },
    "checkout: carry on with 2.4.0: burns 18 times too fast (and 2 more)",
  ],
  [
    "row 7, only a shadow speaks",
    { ...clear, findings: [find("regression", { counted: false })] },
    "checkout: carry on with 2.4.0: nothing speaks against it, 1 of 1 signals ok",
  ],
])("%s", (_name, answer, summary) => {
  expect(compose(answer).summary).toBe(summary);
});

test.each<[string, Answer, string]>([
  ["promote", clear, "checkout: promote 2.4.0: nothing speaks against it, 1 of 1 signals ok"],
  [
    "verify",
    { ...clear, row: 0 },
    "checkout: recovered from 2.4.0: nothing speaks against it, 1 of 1 signals ok",
  ],
  [
    "verify",
    answerWith(find("regression"), { ...escalate, row: 0, level: "page" }),
    "checkout: not recovered from 2.4.0, a human decides: burns 18 times too fast",
  ],
  [
    "verify",
    answerWith(find("regression"), {
      ...escalate,
      row: 0,
      level: "wait",
      retry_after_ms: 15_000,
    }),
    "checkout: wait 15 s with 2.4.0, then ask again: burns 18 times too fast",
  ],
])("to the question %s", (question, answer, summary) => {
  const asked = normalise({ release, health, request: { question } });
  expect(compose(answer, { input: asked }).summary).toBe(summary);
});

test("names and texts of any length leave one line of 200 characters, with the reason in it", () => {
  const long = normalise({
    release: {
      service: "s".repeat(200),
      candidate: { version: "c".repeat(200) },
      stable: { version: "t".repeat(200) },
    },
    health,
  });
  const { summary } = compose(
    answerWith(find("regression", { message: `burns 18 times too fast ${"x".repeat(400)}` }), {
      verdict: "rollback",
      row: 3,
    }),
    { input: long },
  );
  expect(summary).toHaveLength(200);
  expect(summary).toContain("burns 18 times too fast");
});

test("a release that is a flag goes back by its flag, whatever version is stable", () => {
  const flags = [{ key: "new-cart", kill_switch: true, covers_release: true }];
  const asked = normalise({ release: { ...release, strategy: "flag" }, health, flags });
  expect(compose(rollback, { input: asked }).summary).toBe(
    "checkout: roll back 2.4.0 by its flag: burns 18 times too fast",
  );
});
