/**
 * @module One instance of a policy module behind OPA's WASM ABI, 1.2 and 1.3
 * (openpolicyagent.org/docs/wasm): its memory, its base document, and the border across which text
 * goes in and documents come out. It knows nothing of limits and verdicts: what goes wrong is thrown.
 */

import { type BuiltinContext, BuiltinError, type HostBuiltin } from "../builtins/builtin.ts";
import { formatPrint } from "./print.ts";

/** What the module says of itself by `opa_abort`: a conflict, an illegal argument. */
export class PolicyAbort extends Error {}

interface PolicyExports {
  readonly opa_malloc: (bytes: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_heap_ptr_set: (at: number) => void;
  readonly opa_value_parse: (at: number, bytes: number) => number;
  readonly opa_value_dump: (value: number) => number;
  readonly opa_eval: (
    reserved: number,
    entrypoint: number,
    data: number,
    input: number,
    inputBytes: number,
    heap: number,
    wantValue: number,
  ) => number;
  readonly builtins: () => number;
  readonly entrypoints: () => number;
  readonly opa_wasm_abi_version: { readonly value: number };
  readonly opa_wasm_abi_minor_version: { readonly value: number };
}

export interface PolicyInstanceOptions {
  readonly module: WebAssembly.Module;
  /** As large as it may become: it must not grow. */
  readonly memory: WebAssembly.Memory;
  /** The base document, as JSON text. */
  readonly dataJson: string;
  readonly builtinOf: (name: string) => HostBuiltin;
  /** Told before each call of a host builtin how many bytes it is given. */
  readonly onBuiltin: (argumentBytes: number) => void;
}

export class PolicyInstance {
  /** Everything the module exports, for those who know more of it. */
  readonly exports: object;
  readonly entrypoints: ReadonlyMap<string, number>;
  readonly #policy: PolicyExports;
  readonly #builtins: readonly (HostBuiltin | undefined)[];
  readonly #names: readonly (string | undefined)[];
  readonly #onBuiltin: (argumentBytes: number) => void;
  readonly #data: number;
  /** Where the heap begins anew for each evaluation: behind the base document. */
  readonly #heapBase: number;
  /**
   * The module's own variables. C++ makes some of them when they are first used, which costs steps:
   * an evaluation must not be cheaper because of the one before.
   */
  readonly #statics: Buffer;
  #context: BuiltinContext = { nowMs: 0 };
  #isStrict = false;
  #printed: string[] = [];
  readonly #memory: WebAssembly.Memory;
  #view: Buffer;

  constructor({ module, memory, dataJson, builtinOf, onBuiltin }: PolicyInstanceOptions) {
    this.#memory = memory;
    this.#view = Buffer.from(memory.buffer);
    this.#onBuiltin = onBuiltin;
    const call = (id: number, ...args: readonly number[]) => this.#callBuiltin(id, args);
    const { exports } = new WebAssembly.Instance(module, {
      env: {
        memory,
        opa_abort: (at: number) => {
          throw new PolicyAbort(this.#text(at));
        },
        opa_println: (at: number) => void this.#printed.push(this.#text(at)),
        opa_builtin0: (id: number) => call(id),
        opa_builtin1: (id: number, _context: number, a: number) => call(id, a),
        opa_builtin2: (id: number, _context: number, a: number, b: number) => call(id, a, b),
        opa_builtin3: (id: number, _context: number, ...args: number[]) => call(id, ...args),
        opa_builtin4: (id: number, _context: number, ...args: number[]) => call(id, ...args),
      },
    });
    this.exports = exports;
    this.#policy = exports as PolicyExports;
    const staticEnd = this.#policy.opa_heap_ptr_get();
    const version = this.#policy.opa_wasm_abi_version.value;
    const minor = this.#policy.opa_wasm_abi_minor_version.value;
    if (version !== 1 || minor < 2) {
      throw new Error(
        `the module speaks OPA's WASM ABI ${version}.${minor}; 1.2 and 1.3 are known`,
      );
    }
    this.entrypoints = this.#readIds(this.#policy.entrypoints());
    const builtins = this.#readIds(this.#policy.builtins());
    this.#names = sparse([...builtins].map(([name, id]) => [id, name]));
    this.#builtins = sparse([...builtins].map(([name, id]) => [id, builtinOf(name)]));
    this.#data = this.#parse(Buffer.from(dataJson));
    this.#heapBase = this.#policy.opa_heap_ptr_get();
    this.#statics = Buffer.from(this.#bytes.subarray(0, staticEnd));
  }

  /** Address behind the last block that was given out. */
  get heapEnd(): number {
    return this.#policy.opa_heap_ptr_get();
  }

  /**
   * The document at `entrypoint` in value notation, and what was printed; undefined where the
   * document is. Throws what the module or a builtin throws; the instance is of no use then.
   */
  evaluate(
    entrypoint: number,
    inputJson: string,
    context: BuiltinContext,
    isStrict: boolean,
  ): { readonly result: string | undefined; readonly printed: readonly string[] } {
    this.#context = context;
    this.#isStrict = isStrict;
    this.#printed = [];
    const policy = this.#policy;
    this.#bytes.set(this.#statics);
    policy.opa_heap_ptr_set(this.#heapBase);
    const inputBytes = Buffer.byteLength(inputJson);
    const input = policy.opa_malloc(inputBytes);
    this.#bytes.write(inputJson, input, inputBytes, "utf8");
    const heap = policy.opa_heap_ptr_get();
    const at = policy.opa_eval(0, entrypoint, this.#data, input, inputBytes, heap, 1);
    return { result: solutionOf(this.#text(at)), printed: this.#printed };
  }

  #callBuiltin(id: number, args: readonly number[]): number {
    const name = this.#names[id] ?? "";
    const given = args.map((at) => this.#dump(at));
    if (name === "internal.print") {
      this.#printed.push(formatPrint(given[0] ?? new Uint8Array()));
      return this.#parse(Buffer.from("true"));
    }
    this.#onBuiltin(given.reduce((sum, bytes) => sum + bytes.length, 0));
    try {
      const result = this.#builtins[id]?.(given, this.#context);
      return result === undefined ? 0 : this.#parse(result);
    } catch (error) {
      if (this.#isStrict || !(error instanceof BuiltinError)) throw error;
      return 0;
    }
  }

  /** A copy: whoever is given it may keep it while the memory is used on. */
  #dump(value: number): Uint8Array {
    const at = this.#policy.opa_value_dump(value);
    return Buffer.from(this.#bytes.subarray(at, this.#bytes.indexOf(0, at)));
  }

  #parse(text: Uint8Array): number {
    const at = this.#policy.opa_malloc(text.length);
    this.#bytes.set(text, at);
    const value = this.#policy.opa_value_parse(at, text.length);
    if (value === 0) throw new PolicyAbort("a value handed to the module is not in its notation");
    return value;
  }

  #text(at: number): string {
    return this.#bytes.toString("utf8", at, this.#bytes.indexOf(0, at));
  }

  /** The memory's bytes. Growing replaces the buffer, even growing by nothing, as the module does. */
  get #bytes(): Buffer {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = Buffer.from(this.#memory.buffer);
    return this.#view;
  }

  #readIds(value: number): ReadonlyMap<string, number> {
    const text = this.#text(this.#policy.opa_value_dump(value));
    return new Map(Object.entries(JSON.parse(text) as Record<string, number>));
  }
}

function sparse<T>(entries: readonly (readonly [number, T])[]): readonly (T | undefined)[] {
  const list: T[] = [];
  for (const [id, item] of entries) list[id] = item;
  return list;
}

const solutionStart = '{{"result": ';
const solutionEnd = "}}";

/** `opa_eval` gives the set of solutions: one, or none. */
function solutionOf(solutions: string): string | undefined {
  if (solutions === "set()") return undefined;
  if (!solutions.startsWith(solutionStart) || !solutions.endsWith(solutionEnd)) {
    throw new PolicyAbort("the module's answer is not a set of one solution");
  }
  return solutions.slice(solutionStart.length, -solutionEnd.length);
}
