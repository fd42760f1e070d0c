/** @module A health snapshot from a provider's answers, by a mapping that the bundle carries. */

import { BelayError } from "../base/errors.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { mappingName } from "../bundle/pack.ts";
import type { HealthSnapshot } from "../decision/request.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import { parseMapping } from "../sources/mapping.ts";
import { createSnapshot } from "../sources/snapshot.ts";

/** A bundle never changes, so each of its mappings is parsed once and forgotten with the bundle. */
const parsedMappings = new WeakMap<SourceFile, ReturnType<typeof parseMapping>>();

function parseOnce(file: SourceFile): ReturnType<typeof parseMapping> {
  const parsed = parsedMappings.get(file) ?? parseMapping(file.text, file.path);
  parsedMappings.set(file, parsed);
  return parsed;
}

/** @throws BelayError `mapping-not-found`, `bundle-invalid`, `invalid-request` */
export function createSnapshotFrom(
  bundle: Bundle,
  name: string,
  answers: unknown,
  context: { readonly nowMs: number; readonly service: string },
): HealthSnapshot {
  const file = bundle.documents.find((document) => mappingName(document) === name);
  if (file === undefined) {
    const known = bundle.documents.flatMap((document) => mappingName(document) ?? []);
    throw new BelayError(
      "mapping-not-found",
      `no mapping \`${name}\` in the bundle in force; there is ${known.join(", ") || "none"}`,
    );
  }
  const parsed = parseOnce(file);
  if (!parsed.ok) {
    const first = parsed.diagnostics[0];
    throw new BelayError("bundle-invalid", `mapping \`${name}\`: ${first?.message}`);
  }
  return createSnapshot(parsed.mapping, answers, context);
}
