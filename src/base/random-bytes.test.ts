import { expect, test } from "vitest";
import { drawRandomBytes } from "./random-bytes.ts";

test("draws as many as were asked for, across the ends of blocks, and never the same", () => {
  const drawn = Array.from({ length: 2_000 }, (_, index) => drawRandomBytes(16 + (index % 17)));
  expect(drawn.map((bytes) => bytes.length)).toEqual(drawn.map((_, index) => 16 + (index % 17)));
  const texts = drawn.map((bytes) => Buffer.from(bytes.subarray(0, 16)).toString("hex"));
  expect(new Set(texts).size).toBe(drawn.length);
});

test("bytes belong to who drew them", () => {
  const first = drawRandomBytes(32);
  const kept = Uint8Array.from(first);
  first.fill(0);
  expect(drawRandomBytes(32)).not.toEqual(first);
  expect(kept).not.toEqual(first);
  expect(first.buffer.byteLength).toBe(32);
});

test("every value of a byte comes up about as often", () => {
  const counts = Array.from({ length: 256 }, () => 0);
  for (let round = 0; round < 1_000; round += 1) {
    for (const byte of drawRandomBytes(256)) counts[byte] = (counts[byte] ?? 0) + 1;
  }
  // 1,000 expected, standard deviation 32: ten of them either way.
  expect(Math.min(...counts)).toBeGreaterThan(680);
  expect(Math.max(...counts)).toBeLessThan(1_320);
});

test.each([0, -1, 257, 1.5, Number.NaN])("refuses to draw %s", (count) => {
  expect(() => drawRandomBytes(count)).toThrow("1 to 256");
});
