import { expect, test } from "vitest";
import { rewriteCalls } from "./call-rewriting.ts";
import { readSections, sectionId, writeSections } from "./module-reader.ts";

/** Three functions of no parameter: `one` and `two` give 1 and 2; `f` and `g` both call `one`. */
const wasm = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 5, 1, 0x60, 0, 1, 0x7f],
    [3, 5, 4, 0, 0, 0, 0],
    [7, 9, 2, 1, 0x66, 0, 2, 1, 0x67, 0, 3],
    [10, 21, 4],
    [4, 0, 0x41, 1, 0x0b],
    [4, 0, 0x41, 2, 0x0b],
    [4, 0, 0x10, 0, 0x0b],
    [4, 0, 0x10, 0, 0x0b],
  ].flat(),
);

function callsOf(isChosen: (at: number) => boolean): number[] {
  const sections = readSections(wasm).map((section) =>
    section.id === sectionId.code
      ? rewriteCalls(section, {
          isChosen,
          // Longer than the call it replaces: the body's length has to follow.
          replacementOf: (index) => (index === 0 ? [0x01, 0x01, 0x10, 1] : undefined),
        })
      : section,
  );
  const module = new WebAssembly.Module(Uint8Array.from(writeSections(sections)));
  const { f, g } = new WebAssembly.Instance(module).exports as Record<string, () => number>;
  return [f?.() ?? 0, g?.() ?? 0];
}

test("calls are replaced in the functions that are chosen, and in no other", () => {
  expect(callsOf(() => false)).toEqual([1, 1]);
  expect(callsOf((at) => at === 2)).toEqual([2, 1]);
  expect(callsOf(() => true)).toEqual([2, 2]);
});
