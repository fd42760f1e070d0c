/** @module What OPA declares, and what its WebAssembly asks a host for, by the toolchain itself. */

import { fileURLToPath } from "node:url";
import { ToolchainThread } from "../toolchain/toolchain-thread.ts";

export interface Declaration {
  readonly name: string;
  readonly decl: { readonly args?: readonly unknown[] };
  readonly nondeterministic: boolean;
  readonly deprecated: boolean;
}

export interface Declared {
  readonly declarations: readonly Declaration[];
  /** Names of builtins that a compiled policy calls its host for. */
  readonly hostCalls: ReadonlySet<string>;
}

const artefactPath = fileURLToPath(
  new URL("../../../rego/toolchain/toolchain.wasm.br", import.meta.url),
);

/** Starts a toolchain of its own, because nothing here may be refused. */
export async function loadDeclared(): Promise<Declared> {
  const thread = await ToolchainThread.start(artefactPath, 60_000);
  async function ask<T>(document: object): Promise<T> {
    const asked = new TextEncoder().encode(JSON.stringify(document));
    const reply = await thread.ask(asked, 60_000);
    return (JSON.parse(new TextDecoder().decode(reply)) as { result: T }).result;
  }
  try {
    const { builtins } = await ask<{ builtins: Declaration[] }>({ verb: "capabilities" });
    const files = [{ path: "all.rego", text: formatCalls(builtins.filter(isCallable)) }];
    const request = { verb: "compile", files, entrypoints: ["all_builtins"] };
    const { wasm } = await ask<{ wasm: string }>(request);
    return { declarations: builtins, hostCalls: readHostCalls(Buffer.from(wasm, "base64")) };
  } finally {
    await thread.end();
  }
}

/** Whether a policy can write a call of it; deprecated ones are gone from Rego v1. */
export function isCallable({ name, deprecated }: Declaration): boolean {
  return !deprecated && !/^(internal|rego\.metadata)\.|^(assign|eq|print)$/.test(name);
}

function formatCalls(declarations: readonly Declaration[]): string {
  const rules = declarations.map(({ name, decl }, index) => {
    const args = (decl.args ?? []).map((_, position) => `input.a${position}`);
    return `r${index} if ${name}(${args.join(", ")})`;
  });
  return ["package all_builtins", ...rules].join("\n");
}

/** As the module's own export names them. */
function readHostCalls(wasm: Uint8Array): ReadonlySet<string> {
  const memory = new WebAssembly.Memory({ initial: 5 });
  const unused = () => 0;
  const imported = ["opa_abort", "opa_println", ...[0, 1, 2, 3, 4].map((n) => `opa_builtin${n}`)];
  const functions = imported.map((name): [string, unknown] => [name, unused]);
  const env = { memory, ...Object.fromEntries<unknown>(functions) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env });
  const policy = exports as { builtins: () => number; opa_json_dump: (at: number) => number };
  const at = policy.opa_json_dump(policy.builtins());
  const bytes = Buffer.from(memory.buffer);
  const text = bytes.toString("utf8", at, bytes.indexOf(0, at));
  return new Set(Object.keys(JSON.parse(text) as object));
}
