/**
 * @module A pack: the sources of a bundle. One folder a policy (`policy.rego`, `policy_test.rego`,
 * `cases/*.yaml`, `README.md`), `pack.yaml` with its name, `data.yaml` (or `data.json`) with its
 * settings, and `mappings/*.yaml` that turn a provider's answers into signals.
 */

import { z } from "@hono/zod-openapi";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonObject } from "../base/json.ts";
import { parseYamlDocument } from "../base/yaml-document.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import { packDataSchema, type Settings } from "./settings.ts";

export interface Pack {
  readonly name: string;
  readonly description: string;
  /** The base document; settings lie at `belay.settings`. */
  readonly data: JsonObject;
  readonly settings: Settings;
  /** The file the base document came from, for diagnostics. */
  readonly dataFile: SourceFile | undefined;
  /** Rego modules, tests included, sorted by path. */
  readonly modules: readonly SourceFile[];
  /** `pack.yaml`, cases and mappings, sorted by path. */
  readonly documents: readonly SourceFile[];
}

export const packLimits = { filesMax: 2000, bytesMax: 16 * 1024 * 1024 } as const;

const packHeader = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, "must be lower case letters, digits and dashes"),
  description: z.string().max(500).optional(),
});

const dataFiles = ["data.yaml", "data.yml", "data.json"];
const documentPath = /^(pack\.yaml|mappings\/[^/]+\.yaml|(.+\/)?cases\/[^/]+\.yaml)$/;

export type ParsedPack =
  | { readonly ok: true; readonly pack: Pack }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Sorts the files of a pack and parses its header and data. Files of other kinds (pages, licences)
 * are left out. Rego is not looked at here: that is the toolchain's.
 */
export function parsePack(files: readonly SourceFile[]): ParsedPack {
  const problems: Diagnostic[] = checkPaths(files);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));

  const headerFile = sorted.find((file) => file.path === "pack.yaml");
  const header =
    headerFile === undefined
      ? refuse("pack.yaml", "is missing: a pack needs at least `name: my-pack`")
      : parseYamlDocument(headerFile, packHeader);
  if (!header.ok) problems.push(...header.diagnostics);

  const dataCandidates = sorted.filter((file) => dataFiles.includes(file.path));
  const dataFile = dataCandidates[0];
  const second = dataCandidates[1];
  if (second !== undefined) {
    problems.push(...refuse(second.path, `stands beside \`${dataFile?.path}\``).diagnostics);
  }
  const data =
    dataFile === undefined
      ? { ok: true as const, value: {} }
      : parseYamlDocument(dataFile, packDataSchema);
  if (!data.ok) problems.push(...data.diagnostics);

  const modules = sorted.filter((file) => file.path.endsWith(".rego"));
  if (modules.length === 0) problems.push(...refuse("", "the pack has no Rego file").diagnostics);

  if (!header.ok || !data.ok || problems.length > 0) return { ok: false, diagnostics: problems };
  return {
    ok: true,
    pack: {
      name: header.value.name,
      description: header.value.description ?? "",
      data: data.value as JsonObject,
      settings: data.value.belay?.settings ?? {},
      dataFile,
      modules,
      documents: sorted.filter((file) => documentPath.test(file.path)),
    },
  };
}

export function isTestModule(file: { readonly path: string }): boolean {
  return file.path.endsWith("_test.rego");
}

export function isCase(file: SourceFile): boolean {
  return /(^|\/)cases\/[^/]+\.yaml$/.test(file.path);
}

/** Name of the mapping that `file` holds, where it is one. */
export function mappingName(file: SourceFile): string | undefined {
  return /^mappings\/([^/]+)\.yaml$/.exec(file.path)?.[1];
}

function checkPaths(files: readonly SourceFile[]): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const bytes = files.reduce((sum, file) => sum + file.text.length, 0);
  if (files.length > packLimits.filesMax || bytes > packLimits.bytesMax) {
    problems.push(
      ...refuse(
        "",
        `the pack has ${files.length} files and ${bytes} characters; at most ${packLimits.filesMax} and ${packLimits.bytesMax}`,
      ).diagnostics,
    );
  }
  const seen = new Set<string>();
  for (const { path } of files) {
    if (!isPlainPath(path)) {
      problems.push(...refuse(path, "is not a plain relative path").diagnostics);
    } else if (path.startsWith("belay/")) {
      problems.push(...refuse(path, "the folder `belay` is the library's").diagnostics);
    }
    if (seen.has(path)) problems.push(...refuse(path, "stands twice in the pack").diagnostics);
    seen.add(path);
  }
  return problems;
}

/** Relative, forward slashes, no empty, `.` or `..` segment, printable ASCII, at most 200 characters. */
export function isPlainPath(path: string): boolean {
  return (
    /^[\x21-\x7e]{1,200}$/.test(path) &&
    !path.includes("\\") &&
    path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")
  );
}

function refuse(
  file: string,
  message: string,
): { readonly ok: false; readonly diagnostics: readonly Diagnostic[] } {
  return { ok: false, diagnostics: [{ code: "pack_error", message, file, row: 0, col: 0 }] };
}
