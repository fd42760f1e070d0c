/**
 * @module Strict builtin errors for what OPA compiles into the module. A builtin there that fails
 * gives a null pointer, and nobody can tell that from undefined afterwards. So a strict module is
 * another module: each call that a rule makes of such a builtin goes through a function that stops
 * on a null pointer and leaves behind whose it was.
 */

import { rewriteCalls } from "./call-rewriting.ts";
import { emptyBlock, opcode } from "./instruction.ts";
import {
  appendItem,
  appendItems,
  countImports,
  exportGlobal,
  ModuleReader,
  readFunctionNames,
  readSections,
  type Section,
  sectionId,
  writeSections,
  writeUnsigned,
} from "./module-reader.ts";
import { failingNativeBuiltins } from "./native-builtin.ts";

/** Exported mutable i32: 0, or one more than the place of the failed builtin in the list. */
export const failedExport = "belay_failed";

export interface StrictModule {
  readonly wasm: Uint8Array;
  /** OPA's name of the builtin that a value of `failedExport` stands for. */
  builtinOf(failed: number): string | undefined;
}

/** @throws ModuleError where the bytes are no module, or use what is not known here */
export function makeStrict(wasm: Uint8Array): StrictModule {
  const sections = readSections(wasm);
  const contentOf = (id: number) => sections.find((section) => section.id === id)?.content;
  const imports = countImports(contentOf(sectionId.import) ?? Uint8Array.of(0));
  const failedIndex = imports.globals + countOf(contentOf(sectionId.global));
  const functions = readList(contentOf(sectionId.function), (reader) => reader.unsigned());
  const parameters = readList(contentOf(sectionId.type), readParameterCount);
  const names = readFunctionNames(sections);

  const called = [...names].flatMap(([index, name]) => {
    const builtin = failingNativeBuiltins.get(name);
    return builtin === undefined ? [] : [{ index, builtin }];
  });
  const checks = called.map(({ index }, place) => {
    const type = functions[index - imports.functions] ?? 0;
    const parameterCount = parameters[type] ?? 0;
    return { type, body: checkedCall({ index, parameterCount, failedIndex, failed: place + 1 }) };
  });
  const checkedIndex = new Map(
    called.map(({ index }, place) => [index, imports.functions + functions.length + place]),
  );
  const isRule = (at: number) => isRuleName(names.get(imports.functions + at));

  const rewritten = sections.map((section): Section => {
    switch (section.id) {
      case sectionId.function:
        return appendItems(
          section,
          checks.map(({ type }) => writeUnsigned(type)),
        );
      case sectionId.global:
        return appendItem(section, [0x7f, 0x01, opcode.i32Const, 0, opcode.end]);
      case sectionId.export:
        return appendItem(section, exportGlobal(failedExport, failedIndex));
      case sectionId.code: {
        const redirected = rewriteCalls(section, {
          isChosen: isRule,
          replacementOf(index) {
            const checked = checkedIndex.get(index);
            return checked === undefined ? undefined : [opcode.call, ...writeUnsigned(checked)];
          },
        });
        return appendItems(
          redirected,
          checks.map(({ body }) => [...writeUnsigned(body.length), ...body]),
        );
      }
      default:
        return section;
    }
  });
  return {
    wasm: writeSections(rewritten),
    builtinOf: (failed) => called[failed - 1]?.builtin,
  };
}

/** Rules are compiled to functions named by their path; `eval` holds the entrypoints. */
function isRuleName(name: string | undefined): boolean {
  return name === "eval" || /^g\d+\./.test(name ?? "");
}

interface CheckedCall {
  readonly index: number;
  readonly parameterCount: number;
  readonly failedIndex: number;
  readonly failed: number;
}

/** Calls the function, and stops where it gives a null pointer. */
function checkedCall({ index, parameterCount, failedIndex, failed }: CheckedCall): number[] {
  const parameters = Array.from({ length: parameterCount }, (_, at) => [
    opcode.localGet,
    ...writeUnsigned(at),
  ]);
  const result = writeUnsigned(parameterCount);
  return [
    [1, 1, 0x7f],
    parameters.flat(),
    [opcode.call, ...writeUnsigned(index), opcode.localTee, ...result],
    [opcode.i32Eqz, opcode.if, emptyBlock, opcode.i32Const, ...writeSmall(failed)],
    [opcode.globalSet, ...writeUnsigned(failedIndex), opcode.unreachable, opcode.end],
    [opcode.localGet, ...result, opcode.end],
  ].flat();
}

/** Signed LEB128 of 0 to 8191. */
function writeSmall(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value % 0x80) | 0x80, Math.floor(value / 0x80)];
}

function countOf(content: Uint8Array | undefined): number {
  return content === undefined ? 0 : new ModuleReader(content).unsigned();
}

function readList<T>(
  content: Uint8Array | undefined,
  readOne: (reader: ModuleReader) => T,
): readonly T[] {
  if (content === undefined) return [];
  const reader = new ModuleReader(content);
  return Array.from({ length: reader.unsigned() }, () => readOne(reader));
}

function readParameterCount(reader: ModuleReader): number {
  reader.byte();
  const count = reader.unsigned();
  reader.skip(count);
  reader.skip(reader.unsigned());
  return count;
}
