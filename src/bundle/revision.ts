/**
 * @module The revision of a bundle: a digest of what is inside, whatever the archive's own bytes.
 *
 * It is the SHA-256 of one line per file, `sha256  path` as `sha256sum` prints it, sorted by path in
 * byte order, where the line of `.manifest` stands for its canonical JSON (RFC 8785) without
 * `revision`, and `.signatures.json` is left out, since a signature is a statement about the rest.
 */

import { canonicalJson } from "../base/canonical-json.ts";
import { sha256Hex } from "../base/digest.ts";
import type { JsonObject } from "../base/json.ts";
import type { ArchiveFile } from "../rego/toolchain/toolchain.ts";

/** 64 hex digits. `files` need not be sorted and must not hold the manifest. */
export function computeRevision(files: readonly ArchiveFile[], manifest: JsonObject): string {
  const { revision: _, ...unnamed } = manifest;
  const lines = files
    .filter((file) => file.path !== ".signatures.json")
    .map((file) => ({ path: file.path, digest: sha256Hex(file.bytes) }));
  lines.push({ path: ".manifest", digest: sha256Hex(canonicalJson(unnamed)) });
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return sha256Hex(lines.map(({ path, digest }) => `${digest}  ${path}\n`).join(""));
}
