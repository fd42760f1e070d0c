/**
 * @module Publishing: a pack or an archive becomes a kept bundle, or is refused with everything that
 * is wrong with it. An archive is built again from its own sources, so what is kept is what they say.
 */

import { assert } from "../base/assert.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Diagnostic } from "../base/diagnostic.ts";

import type { Bundle } from "../bundle/bundle.ts";
import { openBundle } from "../bundle/open-bundle.ts";
import { type Pack, parsePack } from "../bundle/pack.ts";
import type { Caller } from "../log/entry.ts";
import type { SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { KeptBundle, RecordStore } from "../store/record-store.ts";
import type { PackFiles, Publication } from "./belay.ts";
import { buildPack } from "./build-pack.ts";
import type { CreateEvaluator } from "./engine.ts";
import { bundleName, leafBase, type Versions } from "./leaf-maker.ts";
import { describeFailures } from "./test-failures.ts";
import { testPack } from "./test-pack.ts";

export interface PublishDependencies {
  readonly store: RecordStore;
  readonly versions: Versions;
  readonly clockMs: () => number;
  readonly toolchain: Toolchain;
  readonly library: readonly SourceFile[];
  readonly createEvaluator: CreateEvaluator;
}

export async function publishPack(
  deps: PublishDependencies,
  source: PackFiles,
  caller: Caller,
): Promise<Publication> {
  const parsed = parsePack(source.files);
  if (!parsed.ok) return { outcome: "refused", diagnostics: parsed.diagnostics };
  const built = await buildPack(parsed.pack, deps.library, deps.toolchain);
  if (!built.ok) return { outcome: "refused", diagnostics: built.diagnostics };
  return testAndKeep(deps, parsed.pack, built.bundle, caller);
}

export async function publishArchive(
  deps: PublishDependencies,
  archive: Uint8Array,
  caller: Caller,
): Promise<Publication> {
  const opened = openBundle(archive);
  if (!opened.ok) return refuse(opened.message);
  const parsed = parsePack(packFilesOf(opened.bundle));
  if (!parsed.ok) return { outcome: "refused", diagnostics: parsed.diagnostics };
  const rebuilt = await buildPack(parsed.pack, deps.library, deps.toolchain);
  if (!rebuilt.ok) return { outcome: "refused", diagnostics: rebuilt.diagnostics };
  if (rebuilt.bundle.revision !== opened.bundle.revision) {
    return refuse(
      `its sources, compiled here by OPA ${deps.versions.opa} with this release's library, give revision \`${rebuilt.bundle.revision}\`, not \`${opened.bundle.revision}\`: build the pack again with this release`,
    );
  }
  return testAndKeep(deps, parsed.pack, opened.bundle, caller);
}

/** Writes `bundle` to the record, once; used for what passed its tests and for what is shipped. */
export async function keepBundle(
  deps: Pick<PublishDependencies, "store" | "versions" | "clockMs">,
  bundle: Bundle,
  caller: Caller,
): Promise<{ readonly kept: KeptBundle; readonly isNew: boolean }> {
  const appended = await deps.store.append({
    leaf: {
      ...leafBase(deps.versions, deps.clockMs(), caller),
      kind: "publication",
      bundle: bundleName(bundle),
    },
    archive: bundle.archive,
  });
  const found = await deps.store.findBundle(bundle.revision);
  assert(found !== undefined, "a bundle that was kept is found");
  return { kept: found.kept, isNew: appended.outcome === "appended" };
}

async function testAndKeep(
  deps: PublishDependencies,
  pack: Pack,
  bundle: Bundle,
  caller: Caller,
): Promise<Publication> {
  const { library, toolchain, createEvaluator } = deps;
  const tested = await testPack({
    pack,
    bundle,
    library,
    toolchain,
    createEvaluator,
  });
  if (!tested.ok) return { outcome: "refused", diagnostics: tested.diagnostics };
  const { ok: _, ...tests } = tested;
  const diagnostics = describeFailures(tests);
  if (diagnostics.length > 0) return { outcome: "refused", diagnostics, tests };
  const { kept, isNew } = await keepBundle(deps, bundle, caller);
  return { outcome: isNew ? "published" : "kept-already", bundle: kept, tests };
}

/** The files of the pack that an archive was built from. */
function packFilesOf(bundle: Bundle): readonly SourceFile[] {
  return [
    ...bundle.sources.filter((file) => !file.path.startsWith("belay/")),
    ...bundle.documents,
    { path: "data.json", text: canonicalJson(bundle.data) },
  ];
}

function refuse(message: string): Publication {
  const diagnostic: Diagnostic = { code: "bundle_error", message, file: "", row: 0, col: 0 };
  return { outcome: "refused", diagnostics: [diagnostic] };
}
