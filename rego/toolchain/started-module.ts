/**
 * @module A WebAssembly module that begins where another has finished starting. Go's runtime and the
 * packages of OPA take a while to initialise and touch much code that is never used again; here that
 * happens once, at build time, and what memory and globals then hold becomes what the module begins
 * with. Format: WebAssembly core specification 2.0, 5.5.
 */

import { skipImmediates } from "../../src/rego/abi/instruction.ts";
import {
  appendItems,
  countImports,
  exportGlobal,
  ModuleReader,
  readSections,
  type Section,
  sectionId,
  writeSections,
  writeUnsigned,
} from "../../src/rego/abi/module-reader.ts";
import { createWasiImports } from "../../src/rego/wasi/wasi-imports.ts";

const memorySectionId = 5;
const dataSectionId = 11;
/** Only `memory.init` needs it, which Go does not use. */
const dataCountSectionId = 12;

const constOpcode: Readonly<Record<number, number>> = { 0x7f: 0x41, 0x7e: 0x42 };
const endOpcode = 0x0b;
const pageBytes = 65_536;

/** Zeros between two pieces of memory that are worth another segment; engines take 100,000 of them. */
const gapBytesMax = 256;

/** Bytes of code the linker gave a global: its type, whether it changes, and its first value. */
interface Global {
  readonly type: number;
  readonly isMutable: boolean;
  readonly encoded: Uint8Array;
}

interface Started {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly [name: string]: unknown;
}

/**
 * Starts `wasm`, a WASI reactor that exports its memory and `_initialize`, and gives the module it
 * has become. Nothing there may call `_initialize` again. The same bytes give the same bytes.
 */
export function createStartedModule(wasm: Uint8Array): Uint8Array {
  const sections = readSections(wasm);
  const globals = readGlobals(contentOf(sections, sectionId.global));
  const imported = countImports(contentOf(sections, sectionId.import)).globals;
  const { memory, values } = start(sections, globals, imported);
  const content: Readonly<Record<number, Uint8Array>> = {
    [memorySectionId]: writeMemory(contentOf(sections, memorySectionId), memory.length / pageBytes),
    [sectionId.global]: writeGlobals(globals, values),
    [dataSectionId]: writeData(memory),
  };
  return writeSections(
    sections
      .filter(({ id }) => id !== dataCountSectionId)
      .map(({ id, content: before }) => ({ id, content: content[id] ?? before })),
  );
}

function contentOf(sections: readonly Section[], id: number): Uint8Array {
  const section = sections.find((candidate) => candidate.id === id);
  if (section === undefined) throw new Error(`the module has no section ${id}`);
  return section.content;
}

function start(sections: readonly Section[], globals: readonly Global[], imported: number) {
  const names = globals.map((_, index) => `started_global_${index}`);
  const visible = sections.map((section) =>
    section.id === sectionId.export
      ? appendItems(
          section,
          names.map((name, index) => exportGlobal(name, imported + index)),
        )
      : section,
  );
  let ticks = 0n;
  const tick = () => {
    ticks += 1n;
    return ticks;
  };
  const wasi = createWasiImports({ readNowNs: () => 0n, readTicksNs: tick });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(writeSections(visible)), {
    wasi_snapshot_preview1: wasi.imports,
  });
  const exports = instance.exports as Started;
  wasi.memory = exports.memory;
  exports._initialize();
  const values = names.map((name) => BigInt((exports[name] as { value: number | bigint }).value));
  return { memory: new Uint8Array(exports.memory.buffer), values };
}

function readGlobals(content: Uint8Array): readonly Global[] {
  const reader = new ModuleReader(content);
  return Array.from({ length: reader.unsigned() }, () => {
    const from = reader.at;
    const type = reader.byte();
    const isMutable = reader.byte() === 1;
    for (let code = reader.byte(); code !== endOpcode; code = reader.byte()) {
      skipImmediates(reader, code);
    }
    return { type, isMutable, encoded: content.subarray(from, reader.at) };
  });
}

function writeGlobals(globals: readonly Global[], values: readonly bigint[]): Uint8Array {
  const items = globals.map(({ type, isMutable, encoded }, index) => {
    if (!isMutable) return encoded;
    const opcode = constOpcode[type];
    if (opcode === undefined) throw new Error(`a global of the type 0x${type.toString(16)}`);
    return Uint8Array.of(type, 1, opcode, ...writeSigned(values[index] ?? 0n), endOpcode);
  });
  return Buffer.concat([Uint8Array.from(writeUnsigned(globals.length)), ...items]);
}

/** Signed LEB128 of at most 64 bits (5.2.2). */
function writeSigned(value: bigint): number[] {
  const low = Number(BigInt.asUintN(7, value));
  const rest = value >> 7n;
  const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...writeSigned(rest)];
}

/** The one memory with as many pages as it has grown to, and the same maximum. */
function writeMemory(content: Uint8Array, pages: number): Uint8Array {
  const reader = new ModuleReader(content);
  const [count, hasMaximum] = [reader.unsigned(), reader.byte()];
  reader.unsigned();
  if (count !== 1 || hasMaximum !== 1) throw new Error("expected one memory, with a maximum");
  const pagesMax = reader.unsigned();
  return Uint8Array.of(1, 1, ...writeUnsigned(pages), ...writeUnsigned(pagesMax));
}

function writeData(memory: Uint8Array): Uint8Array {
  const segments: Uint8Array[] = [];
  for (let at = findByte(memory, 0); at < memory.length; ) {
    const end = findGap(memory, at);
    const head = [0x00, 0x41, ...writeSigned(BigInt(at)), endOpcode, ...writeUnsigned(end - at)];
    segments.push(Uint8Array.from(head), memory.subarray(at, end));
    at = findByte(memory, end);
  }
  return Buffer.concat([Uint8Array.from(writeUnsigned(segments.length / 2)), ...segments]);
}

/** Where the next byte is that is not zero. */
function findByte(memory: Uint8Array, from: number): number {
  let at = from;
  while (at < memory.length && memory[at] === 0) at += 1;
  return at;
}

/** Where the zeros begin that are worth another segment. */
function findGap(memory: Uint8Array, from: number): number {
  let end = from;
  for (let at = from; at < memory.length && at - end <= gapBytesMax; at += 1) {
    if (memory[at] !== 0) end = at + 1;
  }
  return end;
}
