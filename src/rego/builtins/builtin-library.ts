/**
 * @module OPA's own builtins, in Go, as the WebAssembly module `rego/builtins/builtins.wasm.br`. It
 * is loaded when the first of them is looked up, and stays. A call runs in place, within a number
 * of steps that all calls of one evaluation share; whatever stops it half-way costs the instance,
 * and the next call finds a fresh one.
 */

import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { type BuiltinContext, BuiltinError, BuiltinLimit, type FindBuiltin } from "./builtin.ts";
import { LibraryInstance } from "./library-instance.ts";

const artefact = new URL("../../../rego/builtins/builtins.wasm.br", import.meta.url);

/** Steps of an evaluation in Go; a call without much work takes about 1,000. */
export const libraryStepsMax = 100_000_000;

/** An instance whose memory grew beyond is let go after the call, because it never shrinks. */
const memoryBytesKept = 64 * 1024 * 1024;

/** The first byte of a reply, as `answer.go` writes it. */
const replyMark = { value: 0x76, undefined: 0x75, error: 0x65 } as const;

/** Finds OPA's builtins by name, refused ones included. One for each thread is enough. */
export function createBuiltinLibrary(): FindBuiltin {
  let module: WebAssembly.Module | undefined;
  let instance: LibraryInstance | undefined;
  let charged: BuiltinContext | undefined;
  let stepsLeft = 0;

  function start(): LibraryInstance {
    module ??= new WebAssembly.Module(brotliDecompressSync(readFileSync(artefact)));
    return new LibraryInstance(module);
  }

  function call(name: string, args: readonly Uint8Array[], context: BuiltinContext): Uint8Array {
    if (charged !== context) stepsLeft = libraryStepsMax;
    charged = context;
    const current = (instance ??= start());
    try {
      const answered = current.call(name, args, context.nowMs, stepsLeft);
      stepsLeft = answered.stepsLeft;
      if (current.memoryBytes > memoryBytesKept) instance = undefined;
      return answered.reply;
    } catch (cause) {
      // A trap, an exit or a stack that is too deep leaves the instance in any state.
      instance = undefined;
      charged = undefined;
      throw new BuiltinLimit(`${name}: the call needs more time or memory than it may have`, {
        cause,
      });
    }
  }

  return (name) => {
    instance ??= start();
    if (instance.find(name) < 0) return undefined;
    return (args, context) => {
      const reply = call(name, args, context);
      const [mark, content] = [reply[0], reply.subarray(1)];
      if (mark === replyMark.value) return content;
      if (mark === replyMark.undefined) return undefined;
      const text = new TextDecoder().decode(content);
      if (mark === replyMark.error) throw new BuiltinError(text);
      // Go panicked in OPA's code; what it left behind is not to be trusted with another call.
      instance = undefined;
      throw new Error(`${name}: ${text.split("\n", 1).join()}`, { cause: text });
    };
  };
}
