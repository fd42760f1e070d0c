import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createToolchain } from "./toolchain/wasi-toolchain.ts";
import { numberLiteral, regoValue } from "./value.arbitrary.ts";
import {
  compareValues,
  equalValues,
  RegoNumber,
  RegoObject,
  RegoSet,
  type RegoValue,
} from "./value.ts";
import { formatNotation, parseNotation } from "./value-notation.ts";

const toolchain = createToolchain();
afterAll(() => toolchain.close());

describe("the order of values", () => {
  test("is total: it turns around, carries over, and equal values are interchangeable", () => {
    fc.assert(
      fc.property(regoValue, regoValue, regoValue, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        expect(compareValues(a, a)).toBe(0);
        const [low, mid, high] = [a, b, c].sort(compareValues);
        expect(compareValues(low as RegoValue, high as RegoValue)).toBeLessThanOrEqual(0);
        const isSame = equalValues(low as RegoValue, mid as RegoValue);
        const [fromLow, fromMid] = [low, mid].map((one) =>
          Math.sign(compareValues(one as RegoValue, high as RegoValue)),
        );
        expect(!isSame || fromLow === fromMid).toBe(true);
      }),
    );
  });

  test("is OPA's", { timeout: 120_000 }, async () => {
    const lists = fc.sample(fc.array(regoValue, { minLength: 8, maxLength: 8 }), {
      numRuns: 100,
      seed: 1,
    });
    const text = `[${lists.map((list) => formatNotation(list)).join(",")}]`;
    const sorted = await toolchain.eval({
      files: [
        { path: "order.rego", text: "package order\n\nlists := [sort(l) | some l in input]" },
      ],
      query: "data.order.lists",
      inputTerm: text,
      notation: true,
    });
    if (!sorted.ok) throw new Error(JSON.stringify(sorted.diagnostics));
    const byOpa = parseNotation(sorted.result[0]?.expressions[0]?.notation ?? "");
    expect(byOpa).toEqual(
      parseNotation(formatNotation(lists.map((list) => [...list].sort(compareValues)))),
    );
  });

  test.each([
    ["1", "1.0"],
    ["100", "1e2"],
    ["0", "-0.0"],
    ["123456789012345678901", "123456789012345678901.000"],
  ])("%s and %s are one number", (a, b) => {
    expect(compareValues(new RegoNumber(a), new RegoNumber(b))).toBe(0);
    expect(equalValues(parseNotation(a), parseNotation(b))).toBe(true);
  });

  test("numbers compare by value, whatever their size", () => {
    const ascending = [
      "-1e400",
      "-1e30",
      "-1",
      "0",
      "1e-400",
      "0.1",
      "0.1000000000000000055",
      "1e30",
    ];
    const numbers = ascending.map((literal) => new RegoNumber(literal));
    expect(numbers.toReversed().sort(compareValues)).toEqual(numbers);
  });
});

test("sets and objects hold each element and key once, in order", () => {
  expect(new RegoSet([3, 1, 3, new RegoNumber("1.0")]).elements).toEqual([1, 3]);
  const object = new RegoObject([
    ["b", 1],
    ["a", 2],
    ["b", 3],
  ]);
  expect(object.entries).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});

test("what is written as a number is read as that number", () => {
  fc.assert(
    fc.property(numberLiteral, (literal) => {
      const value = parseNotation(literal);
      expect(compareValues(value as number, new RegoNumber(literal))).toBe(0);
      expect(equalValues(parseNotation(formatNotation(value)), value)).toBe(true);
    }),
  );
});
