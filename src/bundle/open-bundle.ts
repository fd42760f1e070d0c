/**
 * @module Opening an archive somebody hands in: an OPA bundle (`.tar.gz`) as `belay build` writes
 * it. Nothing is unpacked to a disk; sizes, counts, names and kinds of members are bounded before
 * anything is read from them.
 */

import { gunzipSync } from "node:zlib";
import { z } from "@hono/zod-openapi";
import { sha256Hex } from "../base/digest.ts";
import type { JsonObject } from "../base/json.ts";
import { answerEntrypoint, combineEntrypoint } from "../decision/answer.ts";
import type { ArchiveFile, SourceFile } from "../rego/toolchain/toolchain.ts";
import type { Bundle, BundleManifest } from "./bundle.ts";
import { isPlainPath } from "./pack.ts";
import { computeRevision } from "./revision.ts";
import { readTar } from "./tar-reader.ts";

export const archiveLimits = {
  archiveBytesMax: 16 * 1024 * 1024,
  unpackedBytesMax: 64 * 1024 * 1024,
  filesMax: 4000,
} as const;

export type OpenedBundle =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly message: string };

const ruleLocation = z.strictObject({
  policy: z.string(),
  code: z.string(),
  rule: z.string(),
  file: z.string(),
  row: z.int().positive(),
  title: z.string().optional(),
});

/** Other members are OPA's or somebody's own: kept, not used. */
const manifestSchema = z.looseObject({
  revision: z.string(),
  roots: z.array(z.string()),
  rego_version: z.literal(1),
  wasm: z
    .array(z.looseObject({ entrypoint: z.string(), module: z.literal("/policy.wasm") }))
    .min(1),
  metadata: z.looseObject({
    belay: z.strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
      description: z.string(),
      opa: z.string(),
      rules: z.array(ruleLocation),
    }),
  }),
});

/** Opens and checks an archive; says in one line why it is none that Belay can use. */
export function openBundle(archive: Uint8Array): OpenedBundle {
  const unpacked = unpackArchive(archive);
  if (!unpacked.ok) return unpacked;
  const { files } = unpacked;
  const byPath = new Map(files.map((file) => [file.path, file.bytes]));

  const manifestJson = parseJsonObject(byPath.get(".manifest"));
  if (manifestJson === undefined) return refuse("`.manifest` is missing or not a JSON object");
  const parsed = manifestSchema.safeParse(manifestJson);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse(
      `\`.manifest\` is not one that \`belay build\` writes: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const wasm = byPath.get("policy.wasm");
  if (wasm === undefined) return refuse("`policy.wasm` is missing");
  const data = byPath.has("data.json") ? parseJsonObject(byPath.get("data.json")) : {};
  if (data === undefined) return refuse("`data.json` is not a JSON object");

  const entrypoints = parsed.data.wasm.map((module) => module.entrypoint);
  for (const needed of [answerEntrypoint, combineEntrypoint]) {
    if (!entrypoints.includes(needed)) return refuse(`the entrypoint \`${needed}\` is missing`);
  }
  const revision = computeRevision(
    files.filter((file) => file.path !== ".manifest"),
    manifestJson,
  );
  if (revision !== parsed.data.revision) {
    return refuse(
      `the manifest says revision \`${parsed.data.revision}\`, the content is \`${revision}\``,
    );
  }
  const { name, rules } = parsed.data.metadata.belay;
  return {
    ok: true,
    bundle: {
      name,
      revision,
      sha256: sha256Hex(archive),
      archive,
      manifest: manifestJson as unknown as BundleManifest,
      data,
      wasm,
      wasmSha256: sha256Hex(wasm),
      sources: textFiles(files, (path) => path.endsWith(".rego")),
      documents: textFiles(files, (path) => path.endsWith(".yaml")),
      rules: rules.map(({ title, ...rest }) => (title === undefined ? rest : { ...rest, title })),
    },
  };
}

export type UnpackedArchive =
  | { readonly ok: true; readonly files: readonly ArchiveFile[] }
  | { readonly ok: false; readonly message: string };

/** The members of a `.tar.gz`, bounded, with paths as they are in a pack: no leading slash. */
export function unpackArchive(archive: Uint8Array): UnpackedArchive {
  if (archive.length > archiveLimits.archiveBytesMax) {
    return refuse(
      `the archive has ${archive.length} bytes, at most ${archiveLimits.archiveBytesMax}`,
    );
  }
  let tar: Uint8Array;
  try {
    tar = gunzipSync(archive, { maxOutputLength: archiveLimits.unpackedBytesMax });
  } catch {
    return refuse(
      `the archive is not gzip of at most ${archiveLimits.unpackedBytesMax} bytes unpacked`,
    );
  }
  const read = readTar(tar, archiveLimits.filesMax);
  if (!read.ok) return refuse(`the archive is no tar of plain files: ${read.message}`);
  const seen = new Set<string>();
  const files: ArchiveFile[] = [];
  for (const member of read.members) {
    const path = member.path.replace(/^\//, "");
    const shown = JSON.stringify(member.path.slice(0, 100));
    if (!isPlainPath(path)) return refuse(`member ${shown} is not a plain path`);
    if (seen.has(path)) return refuse(`member ${shown} stands twice`);
    seen.add(path);
    files.push({ path, bytes: member.bytes });
  }
  return { ok: true, files };
}

function textFiles(
  files: readonly ArchiveFile[],
  isWanted: (path: string) => boolean,
): readonly SourceFile[] {
  return files
    .filter((file) => isWanted(file.path))
    .map((file) => ({ path: file.path, text: new TextDecoder().decode(file.bytes) }));
}

function parseJsonObject(bytes: Uint8Array | undefined): JsonObject | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
