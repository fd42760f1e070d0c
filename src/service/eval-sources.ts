/**
 * @module What a query is evaluated against, from the paths an author names, as `opa eval -d` and
 * `-b` take them: a pack, Rego and data files, folders of them, or a bundle.
 */

import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { parseDataFile } from "../base/data-document.ts";
import { type Diagnostic } from "../base/diagnostic.ts";
import { BelayError } from "../base/errors.ts";
import { mergeDocuments, type PlacedDocument } from "../bundle/base-document.ts";
import { type OpaBundle, readOpaBundle } from "../bundle/opa-bundle.ts";
import { parsePack } from "../bundle/pack.ts";
import { findPackAround, readPackDirectory, readSourceFile } from "../bundle/pack-directory.ts";
import type { Checked, SourceFile } from "../rego/toolchain/toolchain.ts";

/** Modules carry the paths under which the author knows them. */
export type EvalSources = OpaBundle;

interface Loaded {
  readonly files: readonly SourceFile[];
  readonly documents: readonly PlacedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @throws BelayError `file-unreadable`, `input-too-large`; `usage` where a path is neither a folder
 * nor of a kind that is known
 */
export function loadSources(
  paths: readonly string[],
  library: readonly SourceFile[],
): Checked<EvalSources> {
  const loaded = [...new Set(paths)].map((path) => loadPath(path, library));
  const diagnostics = loaded.flatMap((one) => one.diagnostics);
  const merged = mergeDocuments(loaded.flatMap((one) => one.documents));
  if (!merged.ok || diagnostics.length > 0) {
    return { ok: false, diagnostics: [...diagnostics, ...(merged.ok ? [] : merged.diagnostics)] };
  }
  // What is named twice, by itself and by its folder, or the library of two packs, is one file.
  const files = new Map(loaded.flatMap((one) => one.files).map((file) => [file.path, file]));
  return { ok: true, files: [...files.values()], data: merged.data };
}

/** @throws BelayError `file-unreadable` */
export function loadBundleSources(path: string): Checked<EvalSources> {
  let archive: Uint8Array;
  try {
    archive = readFileSync(path);
  } catch (cause) {
    throw new BelayError("file-unreadable", `the bundle \`${path}\` cannot be read`, { cause });
  }
  return readOpaBundle(archive, path);
}

function loadPath(named: string, library: readonly SourceFile[]): Loaded {
  const [, prefix, path = named] = /^([^:]+):(.*)$/.exec(named) ?? [];
  const root = prefix?.split(".") ?? [];
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return loadFile(path, root);
  const files = readPackDirectory(path);
  if (files.some((file) => file.path === "pack.yaml")) return loadPack(path, files, library);
  const around = findPackAround(path);
  if (around === undefined) return loadFolder(path, root, files);
  throw new BelayError("usage", `\`${path}\` is a part of the pack \`${around}\`: name that`);
}

function loadFile(path: string, root: readonly string[]): Loaded {
  if (!/\.(rego|json|ya?ml)$/.test(path)) {
    throw new BelayError(
      "usage",
      `\`${path}\` is neither Rego nor JSON nor YAML; -b is for bundles`,
    );
  }
  return sort([{ file: { path, text: readSourceFile(path) }, root }]);
}

/** A document lies where its folder does, whatever its file is called, as OPA has it. */
function loadFolder(folder: string, root: readonly string[], files: readonly SourceFile[]): Loaded {
  return sort(
    files.map(({ path, text }) => ({
      file: { path: posix.join(folder, path), text },
      root: [...root, ...path.split("/").slice(0, -1)],
    })),
  );
}

function sort(
  placed: readonly { readonly file: SourceFile; readonly root: readonly string[] }[],
): Loaded {
  const files: SourceFile[] = [];
  const documents: PlacedDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, root } of placed) {
    if (file.path.endsWith(".rego")) {
      files.push(file);
      continue;
    }
    const parsed = parseDataFile(file);
    if (parsed.ok) documents.push({ file: file.path, path: root, value: parsed.value });
    else diagnostics.push(...parsed.diagnostics);
  }
  return { files, documents, diagnostics };
}

/** As it is decided with: the library beside it, its settings as data, its cases left out. */
function loadPack(
  folder: string,
  all: readonly SourceFile[],
  library: readonly SourceFile[],
): Loaded {
  const shown = (path: string): string => (path === "" ? folder : posix.join(folder, path));
  const parsed = parsePack(all);
  if (!parsed.ok) {
    const diagnostics = parsed.diagnostics.map((one) => ({ ...one, file: shown(one.file) }));
    return { files: [], documents: [], diagnostics };
  }
  const { modules, data, dataFile } = parsed.pack;
  const own = modules.map(({ path, text }) => ({ path: shown(path), text }));
  const documents = [{ file: shown(dataFile?.path ?? ""), path: [], value: data }];
  return { files: [...library, ...own], documents, diagnostics: [] };
}
