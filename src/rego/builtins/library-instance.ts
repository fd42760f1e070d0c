/** @module One life of the library of OPA's builtins, and the border that bytes cross to it. */

import { stepsExport } from "../abi/metering.ts";
import { createWasiImports } from "../wasi/wasi-imports.ts";

interface LibraryExports {
  readonly memory: WebAssembly.Memory;
  readonly [stepsExport]: { value: number };
  readonly allocate: (bytes: number) => number;
  readonly find: (nameBytes: number) => number;
  readonly call: (builtin: number, nowNs: bigint, argumentBytes: number) => bigint;
}

/** Room for the arguments of most calls; a buffer beyond `requestBytesKept` is let go again. */
const requestBytesMin = 64 * 1024;
const requestBytesKept = 1024 * 1024;

/** Looking a builtin up and making room for arguments are not an evaluation's steps. */
const overheadStepsMax = 10_000_000;

const newline = 0x0a;

export class LibraryInstance {
  readonly #exports: LibraryExports;
  readonly #numbers = new Map<string, number>();
  #nowNs = 0n;
  #request = { at: 0, bytes: 0 };
  #memory = new Uint8Array();

  /** The module has been started when it was built (`rego/toolchain/started-module.ts`). */
  constructor(module: WebAssembly.Module) {
    const wasi = createWasiImports({ readNowNs: () => this.#nowNs });
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.imports });
    this.#exports = exports as LibraryExports;
    wasi.memory = this.#exports.memory;
  }

  /** What it holds of the machine's memory; never less than before. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** The number by which a builtin is called, or a negative one where there is none. */
  find(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(name);
    this.#reserve(bytes.length);
    this.#current().set(bytes, this.#request.at);
    const number = this.#exports.find(bytes.length);
    this.#numbers.set(name, number);
    return number;
  }

  /**
   * The reply, a copy, and what is left of `stepsLeft`.
   * @throws where the call was stopped half-way; this instance is of no use then
   */
  call(name: string, args: readonly Uint8Array[], nowMs: number, stepsLeft: number) {
    const number = this.find(name);
    const length = args.reduce((sum, bytes) => sum + bytes.length + 1, 0);
    this.#reserve(length);
    const memory = this.#current();
    let { at } = this.#request;
    for (const bytes of args) {
      memory.set(bytes, at);
      memory[at + bytes.length] = newline;
      at += bytes.length + 1;
    }
    this.#nowNs = BigInt(nowMs) * 1_000_000n;
    this.#exports[stepsExport].value = stepsLeft;
    const packed = BigInt.asUintN(64, this.#exports.call(number, this.#nowNs, length));
    const start = Number(packed >> 32n);
    const reply = this.#current().slice(start, start + Number(packed & 0xffff_ffffn));
    return { reply, stepsLeft: this.#exports[stepsExport].value };
  }

  /** Makes room for `bytes` of a request, where there is not enough or far too much. */
  #reserve(bytes: number): void {
    this.#exports[stepsExport].value = overheadStepsMax;
    const isFit = bytes <= this.#request.bytes && this.#request.bytes <= requestBytesKept;
    if (isFit) return;
    const size = Math.max(bytes, requestBytesMin);
    this.#request = { at: this.#exports.allocate(size) >>> 0, bytes: size };
  }

  /** The memory as it is now: growing replaces its buffer. */
  #current(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }
}
