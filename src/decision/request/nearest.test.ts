import { expect, test } from "vitest";
import { findNearest } from "./nearest.ts";

const words = ["question", "candidate", "collected_at_ms", "id", "slos", "flags"];

test.each([
  ["quesion", "question"],
  ["Question", "question"],
  ["candidat", "candidate"],
  ["canditate", "candidate"],
  ["collectedAtMs", "collected_at_ms"],
  ["collected-at-ms", "collected_at_ms"],
  ["flag", "flags"],
  ["slo", "slos"],
])("%o was probably meant as %o", (word, meant) => {
  expect(findNearest(word, words)).toBe(meant);
});

test.each(["", "x", "xy", "answer", "__proto__", "q".repeat(10_000)])(
  "%o resembles nothing",
  (word) => {
    expect(findNearest(word, words)).toBeUndefined();
  },
);
