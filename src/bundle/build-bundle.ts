/**
 * @module From a pack to a bundle: checked, compiled by OPA, packed, named by its content. The same
 * pack gives the same bytes on every machine.
 */

import { assert } from "../base/assert.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import { findPlace } from "../base/yaml-document.ts";
import { answerEntrypoint, combineEntrypoint } from "../decision/answer.ts";
import type {
  ArchiveFile,
  Inspection,
  SourceFile,
  Toolchain,
} from "../rego/toolchain/toolchain.ts";
import type { Bundle } from "./bundle.ts";
import { openBundle } from "./open-bundle.ts";
import type { Pack } from "./pack.ts";
import { checkParameters, type DeclaredParameters, parseDeclared } from "./parameters.ts";
import { computeRevision } from "./revision.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";

export type BuiltBundle =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export type CheckedPack =
  | { readonly ok: true; readonly index: RuleIndex; readonly inspection: Inspection }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * All that can be said about a pack without running it: OPA's strict check of every module, tests
 * included, the index of rules, and the settings against the parameters the policies declare.
 */
export async function checkPack(
  pack: Pack,
  library: readonly SourceFile[],
  toolchain: Toolchain,
): Promise<CheckedPack> {
  const files = [...library, ...pack.modules];
  const checked = await toolchain.check({ files, data: pack.data });
  if (!checked.ok) return checked;
  const inspection = await toolchain.inspect(pack.modules);
  if (!inspection.ok) return inspection;
  const index = indexRules(inspection);
  const diagnostics = [
    ...index.diagnostics,
    ...(await checkSettings(pack, files, index, toolchain)),
  ];
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, index, inspection };
}

/** Builds the bundle of `pack`, whose verdict rules are those of `library`. */
export async function buildBundle(
  pack: Pack,
  library: readonly SourceFile[],
  toolchain: Toolchain,
): Promise<BuiltBundle> {
  const checked = await checkPack(pack, library, toolchain);
  if (!checked.ok) return checked;
  const { rules, policies } = checked.index;
  const sources = [...library, ...pack.modules];
  const compiled = await toolchain.compile({
    files: sources.filter((file) => !file.path.endsWith("_test.rego")),
    data: pack.data,
    entrypoints: [
      answerEntrypoint,
      combineEntrypoint,
      ...policies.map((policy) => `belay/policies/${policy}/finding`),
    ],
  });
  if (!compiled.ok) return compiled;

  const content: ArchiveFile[] = [
    { path: "data.json", bytes: encode(canonicalJson(pack.data)) },
    ...[...sources, ...pack.documents].map((file) => ({
      path: file.path,
      bytes: encode(file.text),
    })),
    { path: "policy.wasm", bytes: compiled.wasm },
  ];
  const manifest = {
    roots: rootsOf(checked.inspection, pack.data),
    wasm: compiled.entrypoints.map((entrypoint) => ({ entrypoint, module: "/policy.wasm" })),
    rego_version: 1,
    metadata: {
      belay: {
        name: pack.name,
        description: pack.description,
        opa: toolchain.opaVersion,
        rules: rules.map((rule) => ({ ...rule })),
      },
    },
  };
  const revision = computeRevision(content, manifest);
  const archive = await toolchain.archive([
    ...content,
    { path: ".manifest", bytes: encode(canonicalJson({ revision, ...manifest })) },
  ]);
  const opened = openBundle(archive);
  assert(opened.ok, "a bundle that was built can be opened");
  return { ok: true, bundle: opened.bundle };
}

const declaredQuery = `{name: {"defaults": defaults, "limits": limits} |
  some name, _ in data.belay.policies
  defaults := object.get(data.belay.policies[name], "default_params", {})
  limits := object.get(data.belay.policies[name], "param_limits", {})
}`;

async function checkSettings(
  pack: Pack,
  files: readonly SourceFile[],
  index: RuleIndex,
  toolchain: Toolchain,
): Promise<readonly Diagnostic[]> {
  const modules = files.filter((file) => !file.path.endsWith("_test.rego"));
  const evaluated = await toolchain.eval({
    files: modules,
    data: {},
    query: declaredQuery,
    input: {},
  });
  if (!evaluated.ok) return evaluated.diagnostics;
  const found = (evaluated.result[0]?.expressions[0]?.value ?? {}) as Record<string, JsonValue>;
  const declared: Record<string, DeclaredParameters> = {};
  for (const name of index.policies) {
    const own = parseDeclared(found[name] ?? { defaults: {}, limits: {} });
    if (typeof own === "string") return [complainOf(index, name, own)];
    declared[name] = own;
  }
  return checkParameters(pack.settings, declared).map(({ path, message }) => ({
    code: "settings_error",
    message: `\`belay.settings.${path.join(".")}\`: ${message}`,
    file: pack.dataFile?.path ?? "",
    ...findPlace(pack.dataFile?.text ?? "", ["belay", "settings", ...path]),
  }));
}

/** Shown at the first rule of the policy: where its parameters are declared is not in the index. */
function complainOf(index: RuleIndex, policy: string, message: string): Diagnostic {
  const file = index.rules.find((rule) => rule.policy === policy)?.file ?? "";
  return { code: "pack_error", message: `policy ${policy}: ${message}`, file, row: 1, col: 1 };
}

/** The part of `data` that the bundle owns: OPA refuses two bundles whose roots overlap. */
function rootsOf(inspection: Inspection, data: JsonObject): readonly string[] {
  const packages = inspection.packages.map(({ path }) => path.split(".")[1] ?? "");
  return [...new Set(["belay", ...packages, ...Object.keys(data)])].sort();
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
