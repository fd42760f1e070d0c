/** @module A bundle as Belay holds it: opened, checked, immutable. */

import type { JsonObject } from "../base/json.ts";
import type { RuleLocation } from "../decision/rule-location.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";

export interface BundleManifest {
  readonly revision: string;
  readonly roots: readonly string[];
  readonly wasm: readonly { readonly entrypoint: string; readonly module: string }[];
  readonly metadata: JsonObject;
}

export interface Bundle {
  readonly name: string;
  /** Content digest: see docs/bundles.md for how it is computed. */
  readonly revision: string;
  /** SHA-256 of the archive bytes. */
  readonly sha256: string;
  readonly archive: Uint8Array;
  readonly manifest: BundleManifest;
  readonly data: JsonObject;
  readonly wasm: Uint8Array;
  readonly wasmSha256: string;
  /** Rego modules, tests included, in archive order. */
  readonly sources: readonly SourceFile[];
  /** Worked examples and signal mappings (YAML), as the pack had them. */
  readonly documents: readonly SourceFile[];
  readonly rules: readonly RuleLocation[];
}
