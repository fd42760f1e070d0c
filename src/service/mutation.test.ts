import { expect, test } from "vitest";
import { BelayError, type ErrorCode } from "../base/errors.ts";
import type { Mutant, MutantOutcome, Toolchain } from "../rego/toolchain/toolchain.ts";
import { summariseMutants, tryMutants } from "./mutation.ts";

function mutant(row: number): Mutant {
  return { file: "p.rego", row, col: 1, operator: "number", before: "1", after: "2" };
}

/** What stands for the toolchain where it ends on certain mutants, which no real policy does at will. */
function endingOn(ends: readonly number[], code: ErrorCode, asked: (readonly number[])[]) {
  const list = Array.from({ length: 25 }, (_, row) => mutant(row));
  return {
    mutants: async () => ({ ok: true, mutants: list }),
    mutate: async ({ mutants }: { mutants: readonly number[] }) => {
      asked.push(mutants);
      if (mutants.some((index) => ends.includes(index))) throw new BelayError(code, "it ended");
      const outcomes: MutantOutcome[] = mutants.map(() => ({ outcome: "survived", reachedBy: 1 }));
      return { ok: true, outcomes };
    },
  } as unknown as Toolchain;
}

const request = { sources: { files: [], targets: [] }, examples: [] };

test("a mutant that ends the toolchain is killed, and costs the others nothing", async () => {
  const asked: (readonly number[])[] = [];
  const seen: string[] = [];
  const tried = await tryMutants({
    ...request,
    toolchain: endingOn([3], "toolchain-deadline", asked),
    onProgress: (triedCount, mutantCount) => seen.push(`${triedCount} of ${mutantCount}`),
  });
  if (!tried.ok) throw new Error("refused");
  expect(tried).toMatchObject({ killed: 1, survived: 24, score: 4 });
  expect(tried.mutants[3]).toMatchObject({ row: 3, outcome: "killed", by: "it ended" });
  expect(seen).toEqual(["20 of 25", "25 of 25"]);
  // All at once, each alone after what all need was made again, then the rest.
  expect(asked.map((one) => one.length)).toEqual([0, 20, 0, ...Array(20).fill(1), 5]);
});

test("any other failure of the toolchain is a failure", async () => {
  const toolchain = endingOn([3], "internal", []);
  await expect(tryMutants({ ...request, toolchain })).rejects.toThrow("it ended");
});

test("the score leaves out what does not compile, and is never rounded up to a threshold", () => {
  const outcomes = (count: number, outcome: MutantOutcome["outcome"]) =>
    Array.from({ length: count }, () => ({ ...mutant(1), outcome, reachedBy: 1 }));
  const summary = summariseMutants([
    ...outcomes(8_999, "killed"),
    ...outcomes(1_001, "survived"),
    ...outcomes(7, "stillborn"),
  ]);
  expect(summary).toMatchObject({ killed: 8_999, survived: 1_001, stillborn: 7, score: 89.9 });
  expect(summariseMutants([]).score).toBe(100);
});
