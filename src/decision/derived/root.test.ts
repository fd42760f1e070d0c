import * as fc from "fast-check";
import { expect, test } from "vitest";
import { solveRoot } from "./root.ts";

test.each<[string, (x: number) => number, number, number, number]>([
  ["a line", (x) => 2 * x - 3, -10, 10, 1.5],
  ["a cubic", (x) => x ** 3 - 2, 0, 2, Math.cbrt(2)],
  ["a curve that is flat at first", (x) => Math.exp(x) - 1e6, 0, 20, Math.log(1e6)],
  ["a falling function", (x) => Math.cos(x), 1, 2, Math.PI / 2],
  ["a root at the low end", (x) => x, 0, 1, 0],
  ["a root at the high end", (x) => x - 1, 0, 1, 1],
  ["a step", (x) => (x < Math.SQRT2 ? 1 : -1), 0, 5, Math.SQRT2],
])("%s", (_name, f, lo, hi, root) => {
  expect(Math.abs(solveRoot(f, lo, hi, 1e-9) - root)).toBeLessThanOrEqual(1e-9);
});

test("a step of any size is found wherever it is, within the tolerance, in few steps", () => {
  const height = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: -99, max: 99, noNaN: true }), height, height, (at, up, down) => {
      let calls = 0;
      const root = solveRoot(
        (x) => {
          calls += 1;
          return x < at ? up : -down;
        },
        -100,
        100,
        1e-4,
      );
      expect(Math.abs(root - at)).toBeLessThanOrEqual(1e-4);
      expect(calls).toBeLessThan(100);
    }),
  );
});
