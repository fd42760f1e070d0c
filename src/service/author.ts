/**
 * @module What the author of a pack does without a server and without a record: check, format, test,
 * build, evaluate. A folder without `pack.yaml` is plain Rego: it can be checked, formatted, tested
 * and evaluated as `opa` would, and is no pack.
 */

import { statSync } from "node:fs";
import { BelayError } from "../base/errors.ts";
import type { BuiltBundle } from "../bundle/build-bundle.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { isCase, type ParsedPack, parsePack } from "../bundle/pack.ts";
import { findPackAround, readPackDirectory, readSourceFile } from "../bundle/pack-directory.ts";
import type { Checked, SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { Explanation, PackFiles, TestSummary } from "./belay.ts";
import { buildPack, checkPack } from "./build-pack.ts";
import { decideOffline } from "./decide-offline.ts";
import type { CreateEvaluator, Engine } from "./engine.ts";
import { type EvalAnswer, type EvalRequest, evaluate } from "./eval.ts";
import { type EvalSources, loadBundleSources, loadSources } from "./eval-sources.ts";
import { explain } from "./explain.ts";
import {
  type MutatedSources,
  type MutationSummary,
  packMutation,
  targetsOf,
  tryMutants,
} from "./mutation.ts";
import { summariseTests, type TestOptions, testPack, testSources } from "./test-pack.ts";

export interface AuthorDependencies {
  readonly toolchain: Toolchain;
  readonly library: readonly SourceFile[];
  readonly createEvaluator: CreateEvaluator;
}

export interface CheckSummary {
  readonly modules: number;
  /** Absent where the folder is plain Rego. */
  readonly pack?: {
    readonly name: string;
    readonly policies: number;
    readonly rules: number;
    readonly cases: number;
  };
}

export interface FormattedFile extends SourceFile {
  /** The text before; equal to `text` where the file is formatted already. */
  readonly before: string;
}

export interface BuiltTests extends TestSummary {
  /** What was tested. */
  readonly bundle: Bundle;
}

/**
 * Paths in what is answered are relative to the folder that was named. Every function throws
 * `file-unreadable` where that cannot be read.
 */
export interface Author {
  /** The files of a pack as they are published. */
  readPack(folder: string): PackFiles;
  check(folder: string): Promise<Checked<CheckSummary>>;
  /** Of a folder, or of one `.rego` file, whose path is then empty. Nothing is written. */
  format(path: string): Promise<Checked<{ readonly files: readonly FormattedFile[] }>>;
  test(folder: string, options?: TestOptions): Promise<Checked<TestSummary>>;
  /** Changes the policies in small ways and says which changes no test and no case notices. */
  mutate(
    folder: string,
    onProgress?: (triedCount: number, mutantCount: number) => void,
  ): Promise<Checked<MutationSummary>>;
  /** @throws BelayError `usage` where the folder is plain Rego */
  build(folder: string): Promise<BuiltBundle>;
  /** Builds, and tests what was built. @throws BelayError as `build` */
  testPack(folder: string): Promise<Checked<BuiltTests>>;
  /**
   * Explains the decision that `raw`, a request from outside, gets.
   * @throws BelayError as `decideOffline`
   */
  explain(engine: Engine, raw: unknown, nowMs: number): Promise<Explanation>;
  /**
   * What to evaluate against: packs, Rego and data files and folders of them, or any bundle of OPA's.
   * @throws BelayError `usage`, `file-unreadable`, `input-too-large`
   */
  loadSources(
    from: { readonly data: readonly string[] } | { readonly bundle: string },
  ): Checked<EvalSources>;
  /** @throws BelayError `usage` where the engine asked for cannot evaluate the query */
  evaluate(request: EvalRequest): Promise<Checked<EvalAnswer>>;
}

export function createAuthor(deps: AuthorDependencies): Author {
  const { toolchain, library } = deps;

  async function testBuilt(parsed: ParsedPack, options: TestOptions): Promise<Checked<BuiltTests>> {
    if (!parsed.ok) return parsed;
    options.onProgress?.("building the bundle");
    const built = await buildPack(parsed.pack, library, toolchain);
    if (!built.ok) return built;
    const { bundle } = built;
    const tested = await testPack({ ...deps, ...options, pack: parsed.pack, bundle });
    return tested.ok ? { ...tested, bundle } : tested;
  }

  return {
    readPack: (folder) => ({ files: readPackDirectory(folder) }),

    async check(folder) {
      const source = readSource(folder);
      if (source.pack === undefined) {
        const { files } = source;
        const checked = await toolchain.check({ files });
        return checked.ok ? { ok: true, modules: files.length } : checked;
      }
      if (!source.pack.ok) return source.pack;
      const { pack } = source.pack;
      const checked = await checkPack(pack, library, toolchain);
      if (!checked.ok) return checked;
      const { policies, rules } = checked.index;
      const cases = pack.documents.filter(isCase).length;
      return {
        ok: true,
        modules: pack.modules.length,
        pack: { name: pack.name, policies: policies.length, rules: rules.length, cases },
      };
    },

    format: (path) => formatPath(toolchain, path),

    async test(folder, options = {}) {
      const source = readSource(folder);
      if (source.pack !== undefined) return testBuilt(source.pack, options);
      const { files } = source;
      const tested = await testSources({ files }, files, { ...deps, ...options });
      return tested.ok ? { ok: true, ...summariseTests(tested, []) } : tested;
    },

    async mutate(folder, onProgress) {
      const what = mutationOf(readSource(folder), library);
      if (!what.ok) return what;
      return tryMutants({ ...what, toolchain, ...(onProgress && { onProgress }) });
    },

    async build(folder) {
      const parsed = loadPack(folder);
      return parsed.ok ? buildPack(parsed.pack, library, toolchain) : parsed;
    },

    testPack: async (folder) => testBuilt(loadPack(folder), {}),

    explain(engine, raw, nowMs) {
      const { decision, inputJson } = decideOffline(engine, raw, nowMs);
      return explain({ bundle: engine.bundle, inputJson, decision, toolchain });
    },

    loadSources: (from) =>
      "bundle" in from ? loadBundleSources(from.bundle) : loadSources(from.data, library),

    evaluate: (request) => evaluate(deps, request),
  };
}

async function formatPath(
  toolchain: Toolchain,
  path: string,
): Promise<Checked<{ readonly files: readonly FormattedFile[] }>> {
  const files = isFile(path)
    ? [{ path: "", text: readSourceFile(path) }]
    : readPackDirectory(path).filter(isRego);
  const formatted = await toolchain.format(files);
  if (!formatted.ok) return formatted;
  const before = new Map(files.map((file) => [file.path, file.text]));
  return {
    ok: true,
    files: formatted.files.map((file) => ({ ...file, before: before.get(file.path) ?? "" })),
  };
}

interface Source {
  /** Rego only. */
  readonly files: readonly SourceFile[];
  /** Absent where the folder is plain Rego. */
  readonly pack?: ParsedPack;
}

function mutationOf(source: Source, library: readonly SourceFile[]): Checked<MutatedSources> {
  const { files, pack } = source;
  if (pack === undefined) {
    return { ok: true, sources: { files, targets: targetsOf(files) }, examples: [] };
  }
  return pack.ok ? { ok: true, ...packMutation(pack.pack, library) } : pack;
}

function loadPack(folder: string): ParsedPack {
  const { pack } = readSource(folder);
  if (pack !== undefined) return pack;
  throw new BelayError("usage", `\`${folder}\` is not a pack: it has no \`pack.yaml\``);
}

function readSource(folder: string): Source {
  const all = readPackDirectory(folder);
  const files = all.filter(isRego);
  if (all.some((file) => file.path === "pack.yaml")) return { files, pack: parsePack(all) };
  const around = findPackAround(folder);
  if (around !== undefined) {
    throw new BelayError(
      "usage",
      `\`${folder}\` is a part of the pack \`${around}\`: name that, and \`--run\` for a part of its tests`,
    );
  }
  if (files.length === 0) throw new BelayError("usage", `\`${folder}\` holds no Rego file`);
  return { files };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isRego(file: SourceFile): boolean {
  return file.path.endsWith(".rego");
}
