/**
 * @module The toolchain port by OPA itself, compiled to WASI and held by a worker thread. The
 * thread starts with the first call and is let go when it has not been asked for a while; calls
 * are served one after the other, in the order they came.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../../base/diagnostic.ts";
import { refusalMessages } from "../capabilities.ts";
import { ResidentThread } from "./resident-thread.ts";
import type {
  ArchiveFile,
  Checked,
  Compiled,
  CompiledTests,
  CompileRequest,
  CompileTestsRequest,
  EvalEachRequest,
  EvalRequest,
  Evaluated,
  Inspection,
  Mutant,
  MutantOutcome,
  MutantsRequest,
  MutateRequest,
  SourceFile,
  Sources,
  Tested,
  TestRequest,
  Toolchain,
} from "./toolchain.ts";
import { createCrash } from "./toolchain-thread.ts";

const home = new URL("../../../rego/toolchain/", import.meta.url);

const traceEventsMaxDefault = 50_000;

export interface ToolchainOptions {
  /** How long one call may take, and how long the thread may take to start; 180,000 by default. */
  readonly deadlineMs?: number;
  /** After how long without a call the thread is let go; 300,000 by default. */
  readonly idleMs?: number;
}

type Reply =
  | { readonly result: unknown }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly fault: string };

/** Bytes travel as base64. */
interface CompiledReply extends Omit<Compiled, "wasm"> {
  readonly wasm: string;
}

interface CompiledTestsReply extends Omit<CompiledTests, "wasm"> {
  readonly wasm: string | null;
}

/** What stands for one input in a reply of `evalEach`. */
type ReplyOfOne = Exclude<Reply, { readonly fault: string }>;

function checkedOf(reply: ReplyOfOne): Checked<Evaluated> {
  if ("diagnostics" in reply) return { ok: false, diagnostics: reply.diagnostics };
  return { ok: true, ...(reply.result as Evaluated) };
}

/**
 * @example
 * const toolchain = createToolchain();
 * const checked = await toolchain.check({ files: [{ path: "a.rego", text: "package a" }] });
 */
export function createToolchain(options: ToolchainOptions = {}): Toolchain {
  const thread = new ResidentThread({
    artefactPath: fileURLToPath(new URL("toolchain.wasm.br", home)),
    deadlineMs: options.deadlineMs ?? 180_000,
    idleMs: options.idleMs ?? 300_000,
  });

  async function call<T>(verb: string, document: object): Promise<Checked<T>> {
    const asked = new TextEncoder().encode(JSON.stringify({ ...document, verb }));
    const reply = JSON.parse(new TextDecoder().decode(await thread.ask(asked))) as Reply;
    if ("diagnostics" in reply) return { ok: false, diagnostics: reply.diagnostics };
    if ("result" in reply) return { ok: true, ...(reply.result as T) };
    // Go recovered from a panic; what it left behind is not to be trusted with another call.
    await thread.end();
    throw createCrash(reply.fault);
  }
  const refused = refusalMessages;
  const traceEventsMax = traceEventsMaxDefault;

  return {
    opaVersion: readOpaVersion(),
    async compile(request: CompileRequest): Promise<Checked<Compiled>> {
      const answer = await call<CompiledReply>("compile", { ...request, refused });
      return answer.ok ? { ...answer, wasm: Buffer.from(answer.wasm, "base64") } : answer;
    },
    async compileTests(request: CompileTestsRequest): Promise<Checked<CompiledTests>> {
      const asked = { ...request, refused };
      const answer = await call<CompiledTestsReply>("compileTests", asked);
      if (!answer.ok) return answer;
      const { wasm, tests } = answer;
      return { ok: true, tests, ...(wasm === null ? {} : { wasm: Buffer.from(wasm, "base64") }) };
    },
    check: (sources: Sources) => call<object>("check", { ...sources, refused }),
    test: (request: TestRequest) => call<Tested>("test", { ...request, refused }),
    format: (files: readonly SourceFile[]) =>
      call<{ files: readonly SourceFile[] }>("format", { files }),
    eval: (request: EvalRequest) =>
      call<Evaluated>("eval", { traceEventsMax, ...request, refused }),
    async evalEach(request: EvalEachRequest) {
      const asked = { traceEventsMax, ...request, refused };
      const answer = await call<{ results: readonly ReplyOfOne[] }>("evalEach", asked);
      return answer.ok ? { ok: true, results: answer.results.map(checkedOf) } : answer;
    },
    mutants: (request: MutantsRequest) =>
      call<{ mutants: readonly Mutant[] }>("mutants", { ...request, refused }),
    mutate: (request: MutateRequest) =>
      call<{ outcomes: readonly MutantOutcome[] }>("mutate", { ...request, refused }),
    inspect: (files: readonly SourceFile[]) => call<Inspection>("inspect", { files }),
    async archive(files: readonly ArchiveFile[]): Promise<Uint8Array> {
      const encoded = files.map(({ path, bytes }) => ({
        path,
        bytes: Buffer.from(bytes).toString("base64"),
      }));
      const answer = await call<{ archive: string }>("archive", { files: encoded });
      if (!answer.ok) throw createCrash(answer.diagnostics);
      return Buffer.from(answer.archive, "base64");
    },
    close: () => thread.end(),
  };
}

function readOpaVersion(): string {
  const lock = readFileSync(new URL("toolchain.lock.json", home), "utf8");
  return (JSON.parse(lock) as { opa: string }).opa;
}
