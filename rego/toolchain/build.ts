/**
 * @module Builds `toolchain.wasm.br` and its lock file (`npm run toolchain:build`), or builds again
 * and compares with what is committed (`npm run toolchain:check`, with `--check`).
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { brotliCompress, brotliDecompressSync, constants } from "node:zlib";
import { opaModule, runGo, wasiTarget } from "./go-command.ts";
import {
  artefactPath,
  digestContent,
  digestSources,
  goBuildFlags,
  goVersion,
  lockPath,
  memoryPagesMax,
  readLock,
  type ToolchainLock,
} from "./lock.ts";
import { limitMemory } from "./memory-limit.ts";
import { listModules, moduleNoticesPath } from "./module-notices.ts";

async function buildWasm(): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "belay-toolchain-"));
  try {
    const output = join(directory, "toolchain.wasm");
    await runGo(["build", ...goBuildFlags, "-o", output, "."], wasiTarget);
    return limitMemory(await readFile(output), memoryPagesMax);
  } finally {
    await rm(directory, { recursive: true });
  }
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

async function describe(wasm: Uint8Array, artefact: Uint8Array): Promise<ToolchainLock> {
  const opaVersion = await runGo(["list", "-m", "-f", "{{.Version}}", opaModule]);
  return {
    opa: opaVersion.trim().replace(/^v/, ""),
    go: goVersion,
    flags: goBuildFlags,
    memory_pages_max: memoryPagesMax,
    sources: digestSources(),
    wasm: digestContent(wasm),
    artefact: digestContent(artefact),
  };
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function build(): Promise<void> {
  const notices = await listModules();
  const wasm = await buildWasm();
  const artefact = await compress(wasm);
  const lock = await describe(wasm, artefact);
  await writeFile(artefactPath, artefact);
  await writeFile(moduleNoticesPath, formatJson(notices));
  await writeFile(lockPath, formatJson(lock));
  console.log(`built OPA ${lock.opa}: ${wasm.length} bytes, ${artefact.length} compressed`);
}

/** Names each thing that is not what the sources give. */
async function findDifferences(): Promise<string[]> {
  const wasm = await buildWasm();
  const artefact = await readFile(artefactPath);
  const notices: unknown = JSON.parse(await readFile(moduleNoticesPath, "utf8"));
  const checks = {
    "toolchain.wasm.br": Buffer.compare(brotliDecompressSync(artefact), wasm) === 0,
    "toolchain.lock.json": isDeepStrictEqual(readLock(), await describe(wasm, artefact)),
    "module-notices.json": isDeepStrictEqual(notices, await listModules()),
  };
  console.log(`rebuilt ${wasm.length} bytes, sha256 ${digestContent(wasm).sha256}`);
  return Object.entries(checks)
    .filter(([, isSame]) => !isSame)
    .map(([name]) => name);
}

if (process.argv.includes("--check")) {
  const different = await findDifferences();
  console.log(different.length === 0 ? "the toolchain is what its sources give" : "");
  for (const name of different) console.error(`${name} is not what the sources give`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  await build();
}
