/** @module The worker thread that holds the toolchain: one JSON document in, one out. */

import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { brotliDecompressSync } from "node:zlib";
import { createWasiImports } from "../wasi/wasi-imports.ts";
import type { WorkerMessage } from "./toolchain-thread.ts";

interface ToolchainExports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly allocate: (bytes: number) => number;
  readonly answer: (bytes: number) => bigint;
  readonly release: () => void;
}

const wasi = createWasiImports();

/**
 * How many bytes of a function V8 runs before it optimises it; 13,000,000 unless told otherwise.
 * While the toolchain starts, one function of half a megabyte that runs once (OPA's table of
 * builtins) would use that up, and optimising it costs a second of another core and 250 MB, for
 * which the process even waits when it exits. So this module begins with the largest budget there
 * is. Other modules are not affected: a budget is taken when a module is made.
 */
const tieringBudgetMax = 2 ** 31 - 1;
const tieringBudgetDefault = 13_000_000;

function load(path: string): ToolchainExports {
  const bytes = brotliDecompressSync(readFileSync(path));
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudgetMax}`);
  const module = new WebAssembly.Module(bytes);
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudgetDefault}`);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.imports });
  const exports = instance.exports as ToolchainExports;
  wasi.memory = exports.memory;
  exports._initialize();
  return exports;
}

function answer(toolchain: ToolchainExports, document: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = toolchain.allocate(document.length) >>> 0;
  new Uint8Array(toolchain.memory.buffer).set(document, at);
  const packed = BigInt.asUintN(64, toolchain.answer(document.length));
  const start = Number(packed >> 32n);
  // A copy: the memory's buffer is the toolchain's, and is replaced when it grows.
  const reply = new Uint8Array(toolchain.memory.buffer).slice(
    start,
    start + Number(packed & 0xffff_ffffn),
  );
  toolchain.release();
  return reply;
}

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** After this the thread is of no use any more; whoever started it ends it. */
function postCrash(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  post({ crash: wasi.standardError + reason });
}

try {
  const toolchain = load(workerData as string);
  parentPort?.on("message", (document: Uint8Array) => {
    try {
      const reply = answer(toolchain, document);
      post({ reply }, [reply.buffer]);
    } catch (error) {
      postCrash(error);
    }
  });
  post({ reply: new Uint8Array() });
} catch (error) {
  postCrash(error);
}
