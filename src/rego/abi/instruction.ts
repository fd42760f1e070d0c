/**
 * @module How long an instruction is. Format: WebAssembly core specification 2.0, 5.4. Vectors,
 * threads and exceptions are not known: neither OPA's compiler nor Go's writes them.
 */

import { ModuleError, type ModuleReader } from "./module-reader.ts";

export const opcode = {
  unreachable: 0x00,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  call: 0x10,
  drop: 0x1a,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32Eqz: 0x45,
  i32LtS: 0x48,
  i32Sub: 0x6b,
} as const;

/** A block without result (5.4.1). */
export const emptyBlock = 0x40;

type Immediate = "none" | "number" | "block" | "memory" | "table" | "types" | 1 | 2 | 4 | 8;

/** What follows an opcode, by ranges: `[from, to, immediate]`. */
const immediates: readonly (readonly [number, number, Immediate])[] = [
  [0x00, 0x01, "none"],
  [0x02, 0x04, "block"],
  [0x05, 0x05, "none"],
  [0x0b, 0x0b, "none"],
  [0x0c, 0x0d, "number"],
  [0x0e, 0x0e, "table"],
  [0x0f, 0x0f, "none"],
  [0x10, 0x10, "number"],
  [0x11, 0x11, "memory"],
  [0x1a, 0x1b, "none"],
  [0x1c, 0x1c, "types"],
  [0x20, 0x26, "number"],
  [0x28, 0x3e, "memory"],
  [0x3f, 0x40, 1],
  [0x41, 0x42, "number"],
  [0x43, 0x43, 4],
  [0x44, 0x44, 8],
  [0x45, 0xc4, "none"],
  [0xd0, 0xd0, 1],
  [0xd1, 0xd1, "none"],
  [0xd2, 0xd2, "number"],
];

const immediateOf: readonly (Immediate | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => immediates.find(([from, to]) => from <= code && code <= to)?.[2],
);

/** Numbers that follow an instruction behind the prefix 0xfc, by its number (5.4.6, 5.4.7). */
const prefixedNumbers: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** Passes over the immediates of the instruction `code`, which was read. */
export function skipImmediates(reader: ModuleReader, code: number): void {
  const immediate = code === 0xfc ? prefixedNumbers[reader.unsigned()] : immediateOf[code];
  if (code === 0xfc && typeof immediate === "number") {
    for (let left = immediate; left > 0; left -= 1) reader.skipNumber();
    return;
  }
  switch (immediate) {
    case "none":
      return;
    case "number":
    case "block":
      // A block's type is one byte or a signed number, which end alike.
      return reader.skipNumber();
    case "memory":
      reader.skipNumber();
      return reader.skipNumber();
    case "table":
      for (let left = reader.unsigned() + 1; left > 0; left -= 1) reader.skipNumber();
      return;
    case "types":
      return reader.skip(reader.unsigned());
    case undefined:
      throw new ModuleError(`the instruction 0x${code.toString(16)} is not known`);
    default:
      return reader.skip(immediate);
  }
}
