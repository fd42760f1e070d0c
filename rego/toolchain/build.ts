/**
 * @module Builds the artefacts and their lock files (`npm run toolchain:build`), or builds them
 * again and compares with what is committed (`npm run toolchain:check`, with `--check`). Names of
 * artefacts as arguments leave out the others: `npm run toolchain:build -- builtins`.
 */

import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs, promisify } from "node:util";
import { brotliCompress, brotliDecompressSync, constants } from "node:zlib";
import { meterModule } from "../../src/rego/abi/metering.ts";
import { opaModule, runGo, wasiTarget } from "./go-command.ts";
import {
  type Artefact,
  type ArtefactLock,
  artefactPath,
  artefacts,
  digestContent,
  digestSources,
  goVersion,
  listSources,
  lockPath,
  readLock,
  replacedFolder,
} from "./lock.ts";
import { limitMemory } from "./memory-limit.ts";
import { listModules, moduleNoticesPath } from "./module-notices.ts";
import { createStartedModule } from "./started-module.ts";

async function buildWasm(artefact: Artefact): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "belay-artefact-"));
  try {
    const output = join(directory, `${artefact.name}.wasm`);
    const source = await prepareSource(artefact, join(directory, "source"));
    const run = { directory: source, target: wasiTarget };
    await runGo(["build", ...artefact.flags, "-o", output, "."], run);
    const limited = limitMemory(await readFile(output), artefact.memoryPagesMax);
    return artefact.runsInPlace ? createStartedModule(meterModule(limited)) : limited;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/**
 * The folder to build in. Where files stand for OPA's own it is a copy with all modules vendored,
 * because Go builds those of its module cache as they are.
 */
async function prepareSource(artefact: Artefact, copy: string): Promise<string> {
  const sources = listSources(artefact);
  const isReplacement = (path: string) => path.startsWith(`${replacedFolder}/`);
  const replaced = sources.filter(isReplacement);
  if (replaced.length === 0) return artefact.directory;
  for (const path of sources.filter((source) => !isReplacement(source))) {
    await cp(join(artefact.directory, path), join(copy, path));
  }
  await runGo(["mod", "vendor"], { directory: copy });
  for (const path of replaced) {
    const theirs = join(copy, "vendor", opaModule, path.slice(replacedFolder.length));
    if (!existsSync(theirs)) throw new Error(`OPA has no file that ${path} could stand for`);
    await cp(join(artefact.directory, path), theirs);
  }
  return copy;
}

function compress(wasm: Uint8Array): Promise<Uint8Array> {
  return promisify(brotliCompress)(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
}

async function describe(
  artefact: Artefact,
  wasm: Uint8Array,
  content: Uint8Array,
): Promise<ArtefactLock> {
  const { directory } = artefact;
  const version = await runGo(["list", "-m", "-f", "{{.Version}}", opaModule], { directory });
  return {
    opa: version.trim().replace(/^v/, ""),
    go: goVersion,
    flags: artefact.flags,
    memory_pages_max: artefact.memoryPagesMax,
    sources: digestSources(artefact),
    wasm: digestContent(wasm),
    artefact: digestContent(content),
  };
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function build(artefact: Artefact): Promise<void> {
  const notices = await listModules(artefact);
  const wasm = await buildWasm(artefact);
  const content = await compress(wasm);
  const lock = await describe(artefact, wasm, content);
  await writeFile(artefactPath(artefact), content);
  await writeFile(moduleNoticesPath(artefact), formatJson(notices));
  await writeFile(lockPath(artefact), formatJson(lock));
  const sizes = `${wasm.length} bytes, ${content.length} compressed`;
  console.log(`built ${artefact.name} of OPA ${lock.opa}: ${sizes}`);
}

/** Names each thing that is not what the sources give. */
async function findDifferences(artefact: Artefact): Promise<string[]> {
  const wasm = await buildWasm(artefact);
  const content = await readFile(artefactPath(artefact));
  const notices: unknown = JSON.parse(await readFile(moduleNoticesPath(artefact), "utf8"));
  const lock = await describe(artefact, wasm, content);
  const checks: readonly (readonly [path: string, isSame: boolean])[] = [
    [artefactPath(artefact), Buffer.compare(brotliDecompressSync(content), wasm) === 0],
    [lockPath(artefact), isDeepStrictEqual(readLock(artefact), lock)],
    [moduleNoticesPath(artefact), isDeepStrictEqual(notices, await listModules(artefact))],
  ];
  const { sha256 } = digestContent(wasm);
  console.log(`rebuilt ${artefact.name}: ${wasm.length} bytes, sha256 ${sha256}`);
  return checks.filter(([, isSame]) => !isSame).map(([path]) => path);
}

const { values, positionals } = parseArgs({
  options: { check: { type: "boolean", default: false } },
  allowPositionals: true,
});
const chosen = artefacts.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
if (chosen.length === 0) throw new Error(`no artefact is called ${positionals.join(", ")}`);

for (const artefact of chosen) {
  if (!values.check) {
    await build(artefact);
    continue;
  }
  const different = await findDifferences(artefact);
  if (different.length === 0) console.log(`${artefact.name} is what its sources give`);
  for (const path of different) console.error(`${path} is not what the sources give`);
  process.exitCode ||= different.length === 0 ? 0 : 1;
}
