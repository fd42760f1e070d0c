/**
 * @module A fault of OPA's own runtime, mended before a module is run. `json.is_valid` gives back to
 * the allocator what it has parsed, and for `true`, `false` and `null` that is no allocated block but
 * the one constant that the whole module uses: every later answer may be wrong
 * (`wasm/src/encoding.c`, `opa_json_is_valid`, OPA 1.22). The mended module gives nothing back; the
 * heap is reset after each evaluation anyway.
 */

import { rewriteCalls } from "./call-rewriting.ts";
import { opcode } from "./instruction.ts";
import {
  countImports,
  readFunctionNames,
  readSections,
  sectionId,
  writeSections,
} from "./module-reader.ts";

const faulty = "opa_json_is_valid";
const allocatorFree = "opa_free";

/** @throws ModuleError where the bytes are no module, or use what is not known here */
export function mendModule(wasm: Uint8Array): Uint8Array {
  const sections = readSections(wasm);
  const names = readFunctionNames(sections);
  if (![...names.values()].includes(faulty)) return wasm;
  const imports = sections.find(({ id }) => id === sectionId.import);
  const imported = imports === undefined ? 0 : countImports(imports.content).functions;
  return writeSections(
    sections.map((section) =>
      section.id === sectionId.code
        ? rewriteCalls(section, {
            isChosen: (at) => names.get(imported + at) === faulty,
            replacementOf: (index) =>
              names.get(index) === allocatorFree ? [opcode.drop] : undefined,
          })
        : section,
    ),
  );
}
