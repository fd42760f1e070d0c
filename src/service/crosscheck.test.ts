import { describe, expect, test } from "vitest";
import { BelayError } from "../base/errors.ts";
import { loadBundleFile } from "../compose.ts";
import { compareAnswers, crosscheck } from "./crosscheck.ts";

describe("two answers", () => {
  test("agree where their canonical JSON is the same", () => {
    const compiled = { verdict: "allow", findings: [] };
    const interpreted = { findings: [], verdict: "allow" };
    expect(compareAnswers(compiled, interpreted)).toEqual({ outcome: "agreed" });
    expect(compareAnswers(undefined, undefined)).toEqual({ outcome: "agreed" });
  });

  test("disagree by a place, a digit, or by being there at all, and it is said where", () => {
    expect(compareAnswers({ verdict: "allow" }, { verdict: "rollback" })).toEqual({
      outcome: "disagreed",
      message: '/verdict is "allow" compiled and "rollback" interpreted',
      interpreted: "rollback",
    });
    expect(compareAnswers({ verdict: "allow", margin: 0.1 }, { verdict: "allow" })).toMatchObject({
      message: "/margin is 0.1 compiled and absent interpreted",
      interpreted: "allow",
    });
    expect(compareAnswers({ a: 3.14159 - 3 }, { a: 0.14159 })).toMatchObject({
      outcome: "disagreed",
    });
    expect(compareAnswers({ verdict: "allow" }, undefined)).toMatchObject({
      message: "the answer is defined compiled and undefined interpreted",
      interpreted: "undefined",
    });
    expect(compareAnswers(undefined, { verdict: "allow" })).toMatchObject({
      message: "the answer is defined interpreted and undefined compiled",
      interpreted: "allow",
    });
  });

  test("of many differences the first are shown and the rest counted", () => {
    const checked = compareAnswers([1, 2, 3, 4, 5], [2, 3, 4, 5, 6]);
    expect(checked).toMatchObject({ message: expect.stringMatching(/^\/0 is 1 .*; 2 more$/) });
  });
});

describe("asking the interpreter", () => {
  const request = {
    bundle: loadBundleFile(),
    inputJson: '{"request":{"now_ms":0}}',
    answer: undefined,
  };

  test("a toolchain that fails tells nothing", async () => {
    const message = "the toolchain did not answer in 1 ms";
    const toolchain = { eval: () => Promise.reject(new BelayError("toolchain-deadline", message)) };
    expect(await crosscheck(toolchain, request)).toEqual({ outcome: "failed", message });
  });

  test("rules that end with an error interpreted do not agree with an answer", async () => {
    const diagnostics = [{ code: "eval_conflict_error", message: "two values" }];
    const toolchain = {
      eval: async () => ({ ok: false as const, diagnostics: diagnostics as never }),
    };
    expect(await crosscheck(toolchain, request)).toEqual({
      outcome: "disagreed",
      message: "interpreted, the rules end with an error: two values",
      interpreted: "error",
    });
  });
});
