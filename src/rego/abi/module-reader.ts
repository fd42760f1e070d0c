/**
 * @module The binary format of WebAssembly modules, as far as rewriting one needs it: sections,
 * counts, names, and the lengths of instructions. Format: WebAssembly core specification 2.0,
 * chapter 5.
 */

/** Section ids (5.5.2). */
export const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  code: 10,
} as const;

const headerBytes = 8;

export interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

/** The bytes are not a module, or one with something that is not known here. */
export class ModuleError extends Error {}

/** Reads forwards; throws `ModuleError` at the end of the bytes. */
export class ModuleReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new ModuleError(`the module ends at byte ${this.at}`);
    this.at += 1;
    return byte;
  }

  /** Unsigned LEB128 of at most 32 bits (5.2.2). */
  unsigned(): number {
    let value = 0;
    for (let index = 0; index < 5; index += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new ModuleError(`a number of more than 32 bits at byte ${this.at}`);
  }

  /** Passes over a LEB128 number of any width and sign. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  skip(count: number): void {
    if (this.at + count > this.bytes.length) {
      throw new ModuleError(`the module ends before byte ${this.at + count}`);
    }
    this.at += count;
  }

  slice(count: number): Uint8Array {
    const from = this.at;
    this.skip(count);
    return this.bytes.subarray(from, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.slice(this.unsigned()));
  }
}

export function readSections(wasm: Uint8Array): readonly Section[] {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (magic.some((byte, at) => wasm[at] !== byte)) {
    throw new ModuleError("the bytes are not a WebAssembly module of version 1");
  }
  const reader = new ModuleReader(wasm, headerBytes);
  const sections: Section[] = [];
  while (!reader.isAtEnd) {
    const id = reader.byte();
    sections.push({ id, content: reader.slice(reader.unsigned()) });
  }
  return sections;
}

export function writeSections(sections: readonly Section[]): Uint8Array {
  const parts = sections.flatMap(({ id, content }) => [
    Uint8Array.of(id, ...writeUnsigned(content.length)),
    content,
  ]);
  return Buffer.concat([Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00), ...parts]);
}

export function writeUnsigned(value: number): readonly number[] {
  return value < 0x80
    ? [value]
    : [(value % 0x80) | 0x80, ...writeUnsigned(Math.floor(value / 0x80))];
}

export interface ImportCounts {
  functions: number;
  globals: number;
}

/** What an import section (5.5.5) brings. */
export function countImports(content: Uint8Array): ImportCounts {
  const reader = new ModuleReader(content);
  const counts = { functions: 0, globals: 0 };
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === 0) {
      counts.functions += 1;
      reader.unsigned();
    } else if (kind === 1) {
      reader.byte();
      skipLimits(reader);
    } else if (kind === 2) {
      skipLimits(reader);
    } else if (kind === 3) {
      counts.globals += 1;
      reader.skip(2);
    } else {
      throw new ModuleError(`an import of the unknown kind ${kind}`);
    }
  }
  return counts;
}

function skipLimits(reader: ModuleReader): void {
  const hasMaximum = reader.byte() === 1;
  reader.unsigned();
  if (hasMaximum) reader.unsigned();
}

/** The section with one more item at its end, encoded. */
export function appendItem(section: Section, item: readonly number[]): Section {
  return appendItems(section, [item]);
}

export function appendItems(
  { id, content }: Section,
  items: readonly (readonly number[])[],
): Section {
  const reader = new ModuleReader(content);
  const count = reader.unsigned() + items.length;
  const head = Uint8Array.from(writeUnsigned(count));
  return {
    id,
    content: Buffer.concat([head, content.subarray(reader.at), Uint8Array.from(items.flat())]),
  };
}

/** An item of the export section: the global of this index under this name (5.5.10). */
export function exportGlobal(name: string, index: number): readonly number[] {
  const bytes = new TextEncoder().encode(name);
  return [...writeUnsigned(bytes.length), ...bytes, 0x03, ...writeUnsigned(index)];
}

/** Functions by index, as the custom section `name` (7.4.1) has them; empty where there is none. */
export function readFunctionNames(sections: readonly Section[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { id, content } of sections) {
    if (id !== sectionId.custom) continue;
    const reader = new ModuleReader(content);
    if (reader.name() !== "name") continue;
    while (!reader.isAtEnd) {
      const subsection = reader.byte();
      const part = new ModuleReader(reader.slice(reader.unsigned()));
      if (subsection !== functionNames) continue;
      for (let left = part.unsigned(); left > 0; left -= 1) names.set(part.unsigned(), part.name());
    }
  }
  return names;
}

const functionNames = 1;
