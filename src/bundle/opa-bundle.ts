/**
 * @module Any bundle of OPA's, whoever built it: its modules, its base document, and its WebAssembly
 * where it has some. `open-bundle.ts` opens only what Belay may decide with.
 */

import { posix } from "node:path";
import { parseDataFile } from "../base/data-document.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonObject } from "../base/json.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import { mergeDocuments, type PlacedDocument } from "./base-document.ts";
import { unpackArchive } from "./open-bundle.ts";

export interface OpaBundle {
  /** Rego modules, in archive order. */
  readonly files: readonly SourceFile[];
  readonly data: JsonObject;
  /** Absent where the bundle was built without. */
  readonly compiled?: { readonly wasm: Uint8Array; readonly entrypoints: readonly string[] };
}

export type ReadBundle =
  | ({ readonly ok: true } & OpaBundle)
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** @param name of the archive, for diagnostics about the whole of it */
export function readOpaBundle(archive: Uint8Array, name: string): ReadBundle {
  const unpacked = unpackArchive(archive);
  if (!unpacked.ok) return refuse(name, unpacked.message);
  const files = unpacked.files.map(({ path, bytes }) => ({
    path,
    bytes,
    text: new TextDecoder().decode(bytes),
  }));
  const documents: PlacedDocument[] = [];
  for (const file of files.filter(({ path }) => /^(.+\/)?data\.(json|ya?ml)$/.test(path))) {
    const parsed = parseDataFile(file);
    if (!parsed.ok) return parsed;
    const folder = posix.dirname(file.path);
    const path = folder === "." ? [] : folder.split("/");
    documents.push({ file: file.path, path, value: parsed.value });
  }
  const base = mergeDocuments(documents);
  if (!base.ok) return base;
  const manifest = files.find(({ path }) => path === ".manifest")?.text ?? "{}";
  const entrypoints = entrypointsOf(manifest);
  if (entrypoints === undefined) return refuse(name, "`.manifest` is not JSON");
  const wasm = files.find(({ path }) => path === "policy.wasm")?.bytes;
  return {
    ok: true,
    files: files
      .filter(({ path }) => path.endsWith(".rego"))
      .map(({ path, text }) => ({ path, text })),
    data: base.data,
    ...(wasm === undefined ? {} : { compiled: { wasm, entrypoints } }),
  };
}

/** Of the module `/policy.wasm`, the one that OPA's compiler writes. */
function entrypointsOf(manifestJson: string): readonly string[] | undefined {
  try {
    const manifest = JSON.parse(manifestJson) as { readonly wasm?: unknown } | null;
    const modules = Array.isArray(manifest?.wasm) ? (manifest.wasm as readonly unknown[]) : [];
    return modules.flatMap((one) => {
      const { entrypoint, module } = (one ?? {}) as Readonly<Record<string, unknown>>;
      const isOurs = module === "/policy.wasm" && typeof entrypoint === "string";
      return isOurs ? [entrypoint] : [];
    });
  } catch {
    return undefined;
  }
}

function refuse(file: string, message: string): ReadBundle & { readonly ok: false } {
  return { ok: false, diagnostics: [{ code: "bundle_error", message, file, row: 0, col: 0 }] };
}
