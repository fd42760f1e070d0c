import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanStep } from "../plan/plan-schema.ts";
import {
  failuresMax,
  foldProgress,
  judgeReport,
  type Progress,
  type StepReport,
} from "./progress.ts";

const startMs = 1_767_225_600_000;

function step(id: string, dependsOn: string[], more: Partial<PlanStep> = {}): PlanStep {
  return {
    id,
    action: "artifact_revert",
    service: "checkout",
    depends_on: dependsOn,
    idempotency_key: id,
    reversible: true,
    point_of_no_return: false,
    precondition: [],
    success: [],
    timeout_s: 60,
    on_failure: "retry",
    retry: { max: 2, backoff_s: 10 },
    ...more,
  };
}

const plan = {
  steps: [
    step("shift", []),
    step("verify", ["shift"], { action: "verify", on_failure: "continue" }),
    step("revert", ["verify"], { on_failure: "halt" }),
    step("check", ["revert"], { action: "verify", on_failure: "escalate" }),
  ],
};

function at(seconds: number): number {
  return startMs + seconds * 1_000;
}

function report(id: string, state: StepReport["state"], seconds: number, attempt = 1): StepReport {
  return { step: id, state, attempt, at_ms: at(seconds) };
}

const shifted = [report("shift", "started", 0), report("shift", "succeeded", 5)];
const verified = [...shifted, report("verify", "started", 6), report("verify", "succeeded", 9)];
const reverted = [...verified, report("revert", "started", 10), report("revert", "succeeded", 20)];

describe("a plan is carried out step by step", () => {
  test.each([
    ["nothing", [], "pending", ["shift"]],
    ["a step under way", [report("shift", "started", 0)], "running", []],
    ["a step done", shifted, "running", ["verify"]],
    ["all but the last", reverted, "running", ["check"]],
    [
      "all",
      [...reverted, report("check", "started", 21), report("check", "succeeded", 30)],
      "done",
      [],
    ],
  ])("%s", (_name, reports, state, next) => {
    expect(foldProgress(plan, reports, at(31))).toMatchObject({ state, next, escalates: false });
  });

  test("a try that fails is made again, later and later, until it was tried often enough", () => {
    const first = [report("shift", "started", 0), report("shift", "failed", 2)];
    expect(foldProgress(plan, first, at(11)).next).toEqual([]);
    expect(foldProgress(plan, first, at(12))).toMatchObject({ next: ["shift"] });
    const second = [...first, report("shift", "started", 12, 2), report("shift", "failed", 13, 2)];
    expect(foldProgress(plan, second, at(32)).next).toEqual([]);
    expect(foldProgress(plan, second, at(33)).next).toEqual(["shift"]);
    const third = [...second, report("shift", "started", 33, 3), report("shift", "failed", 34, 3)];
    expect(foldProgress(plan, third, at(99))).toMatchObject({
      state: "halted",
      next: [],
      why: "step shift has failed, and the plan does not go on without",
      escalates: false,
    });
  });

  test("a step that is not heard of fails at its deadline", () => {
    const started = [...verified, report("revert", "started", 10)];
    expect(foldProgress(plan, started, at(69)).steps[2]).toMatchObject({
      state: "running",
      deadline_ms: at(70),
    });
    expect(foldProgress(plan, started, at(70))).toMatchObject({ state: "halted" });
  });

  test("a verification that fails in between does not hold up what comes next", () => {
    const reports = [...shifted, report("verify", "started", 6), report("verify", "failed", 9)];
    expect(foldProgress(plan, reports, at(10))).toMatchObject({
      state: "running",
      next: ["revert"],
    });
  });

  test("a last verification that fails calls a human", () => {
    const reports = [...reverted, report("check", "started", 21), report("check", "failed", 30)];
    expect(foldProgress(plan, reports, at(31))).toMatchObject({ state: "halted", escalates: true });
  });

  test("many failures over the plan open the circuit", () => {
    const many = { steps: Array.from({ length: 8 }, (_, index) => step(`s${index}`, [])) };
    const reports = Array.from({ length: failuresMax }, (_, index) => [
      report(`s${index}`, "started", 0),
      report(`s${index}`, "failed", 1),
    ]).flat();
    expect(foldProgress(many, reports.slice(0, -2), at(60))).toMatchObject({ state: "running" });
    expect(foldProgress(many, reports, at(60))).toMatchObject({
      state: "halted",
      next: [],
      why: "5 tries have failed",
      escalates: true,
    });
  });
});

describe("a report", () => {
  const judge = (reports: readonly StepReport[], given: StepReport, seconds: number) =>
    judgeReport(plan, reports, given, at(seconds));

  test.each([
    [[], report("nosuch", "started", 0), "step-not-found", "the plan has no step `nosuch`"],
    [[], report("verify", "started", 0), "step-out-of-order", "`verify` waits for shift"],
    [[], report("shift", "succeeded", 0), "step-out-of-order", "`shift` was not started"],
    [[], report("shift", "started", 0, 2), "step-out-of-order", "next try of step `shift` is 1"],
    [shifted, report("shift", "started", 6, 2), "step-out-of-order", "`shift` has succeeded"],
    [shifted, report("shift", "failed", 6), "step-out-of-order", "try 1 of step `shift` is over"],
    [
      [report("shift", "started", 0)],
      report("shift", "started", 1, 2),
      "step-out-of-order",
      "under way, try 1",
    ],
  ])("out of its order is refused: %j %j", (reports, given, code, message) => {
    const judged = judge(reports, given, 7);
    expect(judged).toMatchObject({ outcome: "refused", code });
    expect(judged).toMatchObject({ message: expect.stringContaining(message) });
  });

  test("too early a try says when it may come", () => {
    const failed = [report("shift", "started", 0), report("shift", "failed", 2)];
    expect(judge(failed, report("shift", "started", 3, 2), 3)).toMatchObject({
      message: `step \`shift\` may be tried again from ${new Date(at(12)).toISOString()} on`,
    });
  });

  test("that is on record is repeated without effect, whatever came after", () => {
    for (const given of reverted) {
      expect(judge(reverted, given, 400)).toEqual({ outcome: "repeated" });
    }
  });

  test("of an end comes through late, and nothing starts after a halt", () => {
    const started = [...verified, report("revert", "started", 10)];
    expect(judge(started, report("check", "started", 100), 100)).toMatchObject({
      message: "the plan has halted: step revert has failed, and the plan does not go on without",
    });
    const late = report("revert", "succeeded", 100);
    expect(judge(started, late, 100)).toEqual({ outcome: "accepted" });
    expect(foldProgress(plan, [...started, late], at(101)).next).toEqual(["check"]);
  });
});

/** Reports of whoever carries plans out badly: any step, any try, at any time. */
const anyReports = fc.array(
  fc.record({
    step: fc.constantFrom("shift", "verify", "revert", "check", "nosuch"),
    state: fc.constantFrom("started" as const, "succeeded" as const, "failed" as const),
    attempt: fc.integer({ min: 1, max: 4 }),
    waitS: fc.integer({ min: 0, max: 90 }),
  }),
  { maxLength: 60 },
);

/** The reports that are taken of `attempts`, and for each what the plan allowed at that moment. */
function take(attempts: readonly (Omit<StepReport, "at_ms"> & { waitS: number })[]) {
  const taken: StepReport[] = [];
  const moments: { given: Omit<StepReport, "at_ms">; before: Progress; mirrored: boolean }[] = [];
  let seconds = 0;
  for (const { waitS, ...given } of attempts) {
    seconds += waitS;
    const before = foldProgress(plan, taken, at(seconds));
    if (judgeReport(plan, taken, given, at(seconds)).outcome !== "accepted") continue;
    taken.push({ ...given, at_ms: at(seconds) });
    // The order in which reports are read back does not matter.
    const [one, other] = [taken, taken.toReversed()].map((reports) =>
      JSON.stringify(foldProgress(plan, reports, at(seconds))),
    );
    moments.push({ given, before, mirrored: one === other });
  }
  return moments;
}

function throughOf({ steps }: Progress): string[] {
  return steps.filter(({ state }) => ["succeeded", "passed"].includes(state)).map(({ id }) => id);
}

test("whatever is reported, no step begins before those it depends on, or twice at a time", () => {
  fc.assert(
    fc.property(anyReports, (attempts) => {
      const moments = take(attempts);
      expect(moments.length).toBeLessThanOrEqual(4 * 3 * 2);
      expect(moments.every(({ mirrored }) => mirrored)).toBe(true);
      for (const { given, before } of moments.filter((one) => one.given.state === "started")) {
        expect(before.next).toContain(given.step);
        const dependsOn = plan.steps.find(({ id }) => id === given.step)?.depends_on ?? [];
        expect(throughOf(before)).toEqual(expect.arrayContaining(dependsOn));
      }
    }),
    { numRuns: 500 },
  );
});
