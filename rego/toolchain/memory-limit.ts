/**
 * @module Gives a WebAssembly module's memory a maximum, so that a call that allocates without end
 * traps by itself instead of taking the machine's memory. Go's linker sets no maximum. Format:
 * WebAssembly core specification 2.0, 5.5.8 (memory section) and 5.3.7 (limits).
 */

const headerBytes = 8;
const memorySectionId = 5;

/** The same module with `pagesMax` (64 KiB each) as the maximum of its one memory. */
export function limitMemory(wasm: Uint8Array, pagesMax: number): Uint8Array {
  const section = findSection(wasm, memorySectionId);
  const count = readUnsigned(wasm, section.start);
  if (count.value !== 1) throw new Error(`expected one memory, found ${count.value}`);
  const pagesMin = readUnsigned(wasm, count.end + 1);
  if (pagesMin.value > pagesMax) {
    throw new Error(`the module starts with ${pagesMin.value} pages, more than ${pagesMax}`);
  }
  const limits = [1, 1, ...writeUnsigned(pagesMin.value), ...writeUnsigned(pagesMax)];
  return Buffer.concat([
    wasm.subarray(0, section.idAt),
    Uint8Array.of(memorySectionId, ...writeUnsigned(limits.length), ...limits),
    wasm.subarray(section.end),
  ]);
}

function findSection(wasm: Uint8Array, id: number) {
  for (let idAt = headerBytes; idAt < wasm.length; ) {
    const size = readUnsigned(wasm, idAt + 1);
    const end = size.end + size.value;
    if (wasm[idAt] === id) return { idAt, start: size.end, end };
    idAt = end;
  }
  throw new Error("the module has no memory section");
}

/** LEB128, at most 32 bits. */
function readUnsigned(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  throw new Error(`no number at byte ${at}`);
}

function writeUnsigned(value: number): number[] {
  return value < 0x80
    ? [value]
    : [(value % 0x80) | 0x80, ...writeUnsigned(Math.floor(value / 0x80))];
}
