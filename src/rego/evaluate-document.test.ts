import { expect, test } from "vitest";
import { evaluateDocument } from "./evaluate-document.ts";
import type { Evaluation, Evaluator } from "./evaluator.ts";
import { readJson } from "./value-notation.ts";

const request = { entrypoint: "a/p", inputJson: "{}", nowMs: 0 };

function evaluate(answer: Evaluation) {
  const evaluator: Evaluator = { entrypoints: ["a/p"], evaluate: () => answer };
  return evaluateDocument(evaluator, request, readJson);
}

test("the document stands beside what else an evaluation tells", () => {
  expect(evaluate({ ok: true, result: "{1, 2}", steps: 3 })).toEqual({
    ok: true,
    result: "{1, 2}",
    steps: 3,
    document: [1, 2],
  });
  expect(evaluate({ ok: true, result: undefined })).toMatchObject({
    ok: true,
    document: undefined,
  });
});

test("what cannot be read has failed, as has what was no answer", () => {
  expect(evaluate({ ok: true, result: '{"n":.}' })).toEqual({
    ok: false,
    code: "aborted",
    message: "the answer is no document: it holds a malformed number",
  });
  const failed = { ok: false, code: "limit", message: "too many steps" } as const;
  expect(evaluate(failed)).toBe(failed);
});

test("a reader that breaks is not taken for a document that is wrong", () => {
  const evaluator: Evaluator = { entrypoints: [], evaluate: () => ({ ok: true, result: "1" }) };
  const broken = () => {
    throw new TypeError("broken");
  };
  expect(() => evaluateDocument(evaluator, request, broken)).toThrow("broken");
});
