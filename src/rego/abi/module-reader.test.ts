import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadBundleFile } from "../../compose.ts";
import { opcode, skipImmediates } from "./instruction.ts";
import { meterModule } from "./metering.ts";
import {
  appendItem,
  countImports,
  exportGlobal,
  ModuleError,
  ModuleReader,
  readFunctionNames,
  readSections,
  sectionId,
  writeSections,
  writeUnsigned,
} from "./module-reader.ts";
import { makeStrict } from "./strict-builtins.ts";

const { wasm } = loadBundleFile();

/** Everything that rewrites a module. */
const rewrites = [
  meterModule,
  (bytes: Uint8Array) => makeStrict(bytes).wasm,
  (bytes: Uint8Array) => meterModule(makeStrict(bytes).wasm),
];

describe("a module of OPA", () => {
  test("comes back as it was from its sections", () => {
    expect(Buffer.compare(writeSections(readSections(wasm)), wasm)).toBe(0);
  });

  test("names its functions, and imports what a host gives", () => {
    const sections = readSections(wasm);
    const names = new Set(readFunctionNames(sections).values());
    expect(names).toContain("opa_value_dump");
    const imports = sections.find(({ id }) => id === sectionId.import);
    const counts = countImports(imports?.content ?? new Uint8Array());
    expect(counts).toMatchObject({ globals: 0 });
    expect(counts.functions).toBeGreaterThan(5);
  });

  test("stays valid, however it is rewritten", () => {
    for (const rewrite of rewrites) {
      expect(() => new WebAssembly.Module(Uint8Array.from(rewrite(wasm)))).not.toThrow();
    }
  });
});

test("numbers are read as they are written", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
      const reader = new ModuleReader(Uint8Array.from([...writeUnsigned(value), 7]));
      expect(reader.unsigned()).toBe(value);
      expect(reader.byte()).toBe(7);
    }),
  );
  expect(() => new ModuleReader(Uint8Array.of(255, 255, 255, 255, 255, 1)).unsigned()).toThrow(
    ModuleError,
  );
});

test("an item more is one more", () => {
  const section = { id: sectionId.export, content: Uint8Array.of(0) };
  const { content } = appendItem(section, exportGlobal("é", 300));
  expect([...content]).toEqual([1, 2, 0xc3, 0xa9, 3, 0xac, 2]);
});

function faultOf(rewrite: () => unknown): unknown {
  try {
    rewrite();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("hostile bytes", () => {
  /** Only `ModuleError` may come of bytes that are no module of OPA. */
  function refuses(bytes: Uint8Array): void {
    for (const rewrite of rewrites) {
      expect(faultOf(() => rewrite(bytes))).toBeOneOf([undefined, expect.any(ModuleError)]);
    }
  }

  test("are refused as no module, whatever they are", () => {
    const header = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => refuses(bytes)).not.toThrow();
        expect(() => refuses(Buffer.concat([header, bytes]))).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  test("in a module are refused as no module, or give one that is not valid", {
    timeout: 120_000,
  }, () => {
    const place = fc.nat({ max: wasm.length - 1 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const changed = Uint8Array.from(wasm);
          for (const [at, byte] of changes) changed[at] = byte;
          refuses(changed);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("a module cut short is refused", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.nat({ max: wasm.length - 1 }), (length) => refuses(wasm.subarray(0, length))),
      { numRuns: 50 },
    );
  });
});

test.each([
  ["nothing", [opcode.i32Eqz], 0],
  ["an index", [opcode.call, 0x80, 0x01], 2],
  ["a block's type", [opcode.loop, 0x40], 1],
  ["an alignment and an offset", [0x28, 2, 0x80, 0x80, 1], 4],
  ["a table of labels", [0x0e, 2, 0, 1, 0x81, 1], 5],
  ["a double", [0x44, 0, 0, 0, 0, 0, 0, 0, 0], 8],
  ["a float", [0x43, 0, 0, 0, 0], 4],
  ["two memories", [0xfc, 0x0a, 0, 0], 3],
  ["types", [0x1c, 1, 0x7f], 2],
])("behind an instruction %s is passed over", (_what, bytes, length) => {
  const reader = new ModuleReader(Uint8Array.from([...bytes, 0xff]));
  skipImmediates(reader, reader.byte());
  expect(reader.at).toBe(1 + length);
});
