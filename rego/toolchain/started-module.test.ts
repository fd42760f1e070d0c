import { expect, test } from "vitest";
import { createStartedModule } from "./started-module.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly narrow: { readonly value: number };
  readonly wide: { readonly value: bigint };
  readonly _initialize: () => void;
}

const ascii = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, ...content: number[]) => [id, content.length, ...content];

/** `_initialize` sets both globals, writes 42 at 100 and 43 at 70,000, and grows the memory. */
const initialize = [
  [0x00, 0x41, 0x01, 0x40, 0x00, 0x1a],
  [0x41, 0x79, 0x24, 0x00],
  [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x60, 0x24, 0x01],
  [0x41, 0xe4, 0x00, 0x41, 0x2a, 0x3a, 0x00, 0x00],
  [0x41, 0xf0, 0xa2, 0x04, 0x41, 0x2b, 0x3a, 0x00, 0x00, 0x0b],
].flat();

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const exported = [
  [...ascii("memory"), 2, 0],
  [...ascii("_initialize"), 0, 0],
  [...ascii("narrow"), 3, 0],
  [...ascii("wide"), 3, 1],
].flat();

const memory = section(5, 1, 1, 1, 5);
const module = (memorySection = memory) =>
  Uint8Array.from([
    ...header,
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 0),
    ...section(3, 1, 0),
    ...memorySection,
    ...section(6, 3, 0x7f, 1, 0x41, 0, 0x0b, 0x7e, 1, 0x42, 0, 0x0b, 0x7f, 0, 0x41, 9, 0x0b),
    ...section(7, 4, ...exported),
    ...section(12, 1),
    ...section(10, 1, initialize.length, ...initialize),
    ...section(11, 1, 0, 0x41, 8, 0x0b, ...ascii("a")),
  ]);

function open(wasm: Uint8Array): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as Exports;
}

test("memory and globals begin with what they were when the module had started", () => {
  const before = open(module());
  before._initialize();
  const after = open(createStartedModule(module()));
  expect(after.narrow.value).toBe(-7);
  expect(after.wide.value).toBe(before.wide.value);
  expect(after.wide.value).not.toBe(0n);
  expect(Buffer.compare(Buffer.from(after.memory.buffer), Buffer.from(before.memory.buffer))).toBe(
    0,
  );
  expect(new Uint8Array(after.memory.buffer)[70_000]).toBe(43);
});

test("the memory keeps its maximum", () => {
  const { memory: grown } = open(createStartedModule(module()));
  expect(grown.buffer.byteLength).toBe(2 * 65_536);
  grown.grow(3);
  expect(() => grown.grow(1)).toThrow(RangeError);
});

test("the same bytes give the same bytes", () => {
  expect(Buffer.compare(createStartedModule(module()), createStartedModule(module()))).toBe(0);
});

test("a memory without a maximum is refused", () => {
  expect(() => createStartedModule(module(section(5, 1, 0, 1)))).toThrow("with a maximum");
});
