import fc from "fast-check";
import { expect, test } from "vitest";
import { limitMemory } from "./memory-limit.ts";

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const customSection = [0x00, 0x03, 0x01, 0x78, 0x2a];
/** Exports memory 0 as `m`. */
const exportSection = [0x07, 0x05, 0x01, 0x01, 0x6d, 0x02, 0x00];

function createModule(...sections: number[][]): Uint8Array {
  return Uint8Array.from([...header, ...customSection, ...sections.flat(), ...exportSection]);
}

function openMemory(wasm: Uint8Array): WebAssembly.Memory {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  return (exports as { m: WebAssembly.Memory }).m;
}

test("the memory grows up to the maximum and no further", () => {
  const limited = limitMemory(createModule([0x05, 0x03, 0x01, 0x00, 0x02]), 5);
  const memory = openMemory(limited);
  expect(memory.buffer.byteLength).toBe(2 * 65_536);
  expect(memory.grow(3)).toBe(2);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("a maximum that is there is replaced, and numbers may be padded", () => {
  const limited = limitMemory(createModule([0x05, 0x06, 0x01, 0x01, 0x81, 0x80, 0x00, 0x02]), 300);
  const memory = openMemory(limited);
  expect(memory.grow(299)).toBe(1);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("everything but the memory section stays as it was", () => {
  const limited = limitMemory(createModule([0x05, 0x03, 0x01, 0x00, 0x02]), 16_384);
  const limitedSection = [0x05, 0x06, 0x01, 0x01, 0x02, 0x80, 0x80, 0x01];
  expect([...limited]).toEqual([...header, ...customSection, ...limitedSection, ...exportSection]);
});

test("a module without one memory, or that starts beyond the maximum, is refused", () => {
  expect(() => limitMemory(createModule(), 5)).toThrow("no memory section");
  expect(() => limitMemory(createModule([0x05, 0x01, 0x00]), 5)).toThrow("found 0");
  expect(() => limitMemory(createModule([0x05, 0x03, 0x01, 0x00, 0x06]), 5)).toThrow("6 pages");
});

test("cut off anywhere before the memory section ends, a module is refused", () => {
  const whole = [...header, ...customSection, 0x05, 0x03, 0x01, 0x00, 0x02];
  fc.assert(
    fc.property(fc.integer({ min: 8, max: whole.length - 1 }), (length) => {
      expect(() => limitMemory(Uint8Array.from(whole.slice(0, length)), 5)).toThrow(
        /no (memory section|number at byte)/,
      );
    }),
  );
});
