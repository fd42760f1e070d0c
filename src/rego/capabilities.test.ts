import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBuiltin } from "./builtins/find-builtin.ts";
import { refusalMessages, refusedBuiltins } from "./capabilities.ts";
import { ToolchainThread } from "./toolchain/toolchain-thread.ts";

interface Declaration {
  readonly name: string;
  readonly decl: { readonly args?: readonly unknown[] };
  readonly nondeterministic: boolean;
  readonly deprecated: boolean;
}

const artefactPath = fileURLToPath(
  new URL("../../rego/toolchain/toolchain.wasm.br", import.meta.url),
);
let thread: ToolchainThread;
let declared: readonly Declaration[];

async function ask(document: object): Promise<Record<string, unknown>> {
  const asked = new TextEncoder().encode(JSON.stringify(document));
  const reply = await thread.ask(asked, 60_000);
  return JSON.parse(new TextDecoder().decode(reply)) as Record<string, unknown>;
}

beforeAll(async () => {
  thread = await ToolchainThread.start(artefactPath, 60_000);
  const { result } = await ask({ verb: "capabilities" });
  declared = (result as { builtins: Declaration[] }).builtins;
});
afterAll(() => thread.end());

/** The builtins a compiled policy asks its host for, as its own export names them. */
async function findHostCalls(names: readonly Declaration[]): Promise<string[]> {
  const rules = names.map(({ name, decl }, index) => {
    const args = (decl.args ?? []).map((_, position) => `input.a${position}`);
    return `r${index} if ${name}(${args.join(", ")})`;
  });
  const files = [{ path: "all.rego", text: ["package all_builtins", ...rules].join("\n") }];
  const reply = await ask({ verb: "compile", files, entrypoints: ["all_builtins"] });
  const wasm = Buffer.from((reply.result as { wasm: string }).wasm, "base64");
  const memory = new WebAssembly.Memory({ initial: 5 });
  const unused = () => 0;
  const builtins = Array.from({ length: 5 }, (_, arity) => [`opa_builtin${arity}`, unused]);
  const env = { memory, opa_abort: unused, opa_println: unused, ...Object.fromEntries(builtins) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env });
  const policy = exports as { builtins: () => number; opa_json_dump: (at: number) => number };
  const at = policy.opa_json_dump(policy.builtins());
  const bytes = Buffer.from(memory.buffer);
  const text = bytes.toString("utf8", at, bytes.indexOf(0, at));
  return Object.keys(JSON.parse(text) as object);
}

test("every builtin that needs a host is answered or refused", async () => {
  const callable = declared.filter(
    ({ name, deprecated }) =>
      !deprecated && !/^(internal|rego\.metadata)\.|^(assign|eq|print)$/.test(name),
  );
  const hostCalls = await findHostCalls(callable);
  expect(hostCalls.length).toBeGreaterThan(80);
  const refused = Object.keys(refusedBuiltins);
  expect(hostCalls).toEqual(expect.arrayContaining(refused));
  const unanswered = hostCalls.filter((name) => findBuiltin(name) === undefined);
  expect(unanswered.sort()).toEqual(refused.sort());
});

test("whatever OPA calls nondeterministic is refused, but for the clock and schemas without network", () => {
  const nondeterministic = declared.filter((builtin) => builtin.nondeterministic);
  expect(nondeterministic.length).toBeGreaterThan(5);
  const missing = nondeterministic
    .map((builtin) => builtin.name)
    .filter((name) => !(name in refusedBuiltins));
  expect(missing.sort()).toEqual([
    "io.jwt.decode_verify",
    "json.match_schema",
    "json.verify_schema",
    "time.now_ns",
  ]);
});

test("each message names the builtin, and a refusal its reason", () => {
  expect(refusalMessages["opa.runtime"]).toBe(
    "builtin `opa.runtime` is refused: it reads the environment, and a decision depends on its input alone",
  );
});
