/**
 * @module Metering: a module that counts its steps and stops where they are spent. A step is a
 * function entered or a loop begun anew, so that whatever runs without end spends them, and the same
 * evaluation spends the same number on every machine. Counting every basic block instead costs
 * several times as much and bounds no more.
 */

import { emptyBlock, opcode, skipImmediates } from "./instruction.ts";
import {
  appendItem,
  countImports,
  exportGlobal,
  ModuleError,
  ModuleReader,
  readSections,
  type Section,
  sectionId,
  writeSections,
  writeUnsigned,
} from "./module-reader.ts";

/** Exported mutable i32: steps left. The module traps (`unreachable`) when it falls below zero. */
export const stepsExport = "belay_steps";

/**
 * The same module, counting. The count begins at its largest value, because a module's start
 * function runs before anyone can set it.
 * @throws ModuleError where the bytes are no module, or use what is not known here
 */
export function meterModule(wasm: Uint8Array): Uint8Array {
  const sections = readSections(wasm);
  const imports = sections.find(({ id }) => id === sectionId.import);
  const globals = sections.find(({ id }) => id === sectionId.global);
  const imported = imports === undefined ? 0 : countImports(imports.content).globals;
  if (globals === undefined) throw new ModuleError("the module has no globals");
  const stepsIndex = imported + new ModuleReader(globals.content).unsigned();
  const spend = spendOneStep(stepsIndex);
  return writeSections(
    sections.map((section) => {
      if (section.id === sectionId.global) return appendItem(section, stepsGlobal);
      if (section.id === sectionId.export)
        return appendItem(section, exportGlobal(stepsExport, stepsIndex));
      if (section.id !== sectionId.code) return section;
      return rewriteCode(section, spend);
    }),
  );
}

/** `(global (mut i32) (i32.const 2147483647))` */
const stepsGlobal = [0x7f, 0x01, opcode.i32Const, 0xff, 0xff, 0xff, 0xff, 0x07, opcode.end];

function spendOneStep(stepsIndex: number): Uint8Array {
  const index = writeUnsigned(stepsIndex);
  return Uint8Array.from(
    [
      [opcode.globalGet, ...index, opcode.i32Const, 1, opcode.i32Sub],
      [opcode.globalSet, ...index, opcode.globalGet, ...index],
      [opcode.i32Const, 0, opcode.i32LtS, opcode.if, emptyBlock],
      [opcode.unreachable, opcode.end],
    ].flat(),
  );
}

function rewriteCode({ id, content }: Section, spend: Uint8Array): Section {
  const reader = new ModuleReader(content);
  const count = reader.unsigned();
  const parts: Uint8Array[] = [Uint8Array.from(writeUnsigned(count))];
  for (let left = count; left > 0; left -= 1) {
    const body = Buffer.concat(rewriteBody(reader.slice(reader.unsigned()), spend));
    parts.push(Uint8Array.from(writeUnsigned(body.length)), body);
  }
  return { id, content: Buffer.concat(parts) };
}

function rewriteBody(body: Uint8Array, spend: Uint8Array): Uint8Array[] {
  const reader = new ModuleReader(body);
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.unsigned();
    reader.byte();
  }
  const parts = [body.subarray(0, reader.at), spend];
  let kept = reader.at;
  while (!reader.isAtEnd) {
    const code = reader.byte();
    skipImmediates(reader, code);
    if (code !== opcode.loop) continue;
    parts.push(body.subarray(kept, reader.at), spend);
    kept = reader.at;
  }
  parts.push(body.subarray(kept));
  return parts;
}
