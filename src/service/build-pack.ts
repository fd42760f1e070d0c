/** @module Checking and building a pack, its signal mappings included, all diagnostics at once. */

import type { Diagnostic } from "../base/diagnostic.ts";
import * as bundle from "../bundle/build-bundle.ts";
import { mappingName, type Pack } from "../bundle/pack.ts";
import type { SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import { parseMapping } from "../sources/mapping.ts";

export async function checkPack(
  pack: Pack,
  library: readonly SourceFile[],
  toolchain: Toolchain,
): Promise<bundle.CheckedPack> {
  return join(checkMappings(pack), await bundle.checkPack(pack, library, toolchain));
}

export async function buildPack(
  pack: Pack,
  library: readonly SourceFile[],
  toolchain: Toolchain,
): Promise<bundle.BuiltBundle> {
  return join(checkMappings(pack), await bundle.buildBundle(pack, library, toolchain));
}

function checkMappings(pack: Pack): readonly Diagnostic[] {
  return pack.documents
    .filter((file) => mappingName(file) !== undefined)
    .flatMap((file) => {
      const parsed = parseMapping(file.text, file.path);
      return parsed.ok ? [] : parsed.diagnostics;
    });
}

function join<T extends { readonly ok: true }>(
  found: readonly Diagnostic[],
  result: T | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] },
): T | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  if (result.ok) return found.length === 0 ? result : { ok: false, diagnostics: found };
  return { ok: false, diagnostics: [...found, ...result.diagnostics] };
}
