/** @module A case compiled by the toolchain, with its documents as an evaluator takes them. */

import type { Diagnostic } from "../../src/base/diagnostic.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Toolchain } from "../../src/rego/toolchain/toolchain.ts";
import { formatNotation } from "../../src/rego/value-notation.ts";
import { askDirectly, askInRule, askInTest, type CaseQuestion } from "./case-question.ts";
import type { OpaCase } from "./opa-cases.ts";

export type CompiledCase =
  | {
      readonly ok: true;
      readonly wasm: Uint8Array;
      readonly question: CaseQuestion;
      /** How the query came to be an entrypoint. */
      readonly form: "document" | "rule" | "test";
      readonly data: JsonObject;
      /** In value notation; empty where the case has no input. */
      readonly input: string;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export async function compileCase(toolchain: Toolchain, opaCase: OpaCase): Promise<CompiledCase> {
  const built = await buildCase(toolchain, opaCase);
  if (!built.ok) return built;
  const data = JSON.parse(formatNotation(opaCase.data)) as JsonObject;
  return { ...built, data, input: await formatInput(toolchain, opaCase.input) };
}

async function buildCase(toolchain: Toolchain, opaCase: OpaCase) {
  const direct = askDirectly(opaCase);
  if (direct !== undefined) {
    const built = await build(toolchain, direct, "document");
    if (built.ok || !built.diagnostics.every(({ code }) => code === "entrypoint_invalid")) {
      return built.ok || isRefused(built.diagnostics) ? built : buildTest(toolchain, opaCase);
    }
  }
  // A document that is data alone is no entrypoint either.
  const built = await build(toolchain, askInRule(opaCase), "rule");
  return built.ok || isRefused(built.diagnostics) ? built : buildTest(toolchain, opaCase);
}

function isRefused(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === "builtin_refused");
}

async function build(toolchain: Toolchain, question: CaseQuestion, form: "document" | "rule") {
  const { files, entrypoint } = question;
  const compiled = await toolchain.compile({ files, entrypoints: [entrypoint] });
  return compiled.ok ? ({ ok: true, wasm: compiled.wasm, question, form } as const) : compiled;
}

/** For what strict mode refuses, such as an argument that no rule uses. */
async function buildTest(toolchain: Toolchain, opaCase: OpaCase) {
  const asked = askInTest(opaCase);
  const compiled = await toolchain.compileTests({ files: asked.files });
  if (!compiled.ok) return compiled;
  const test = compiled.tests.find(({ name }) => asked.entrypoint.endsWith(`/${name}`));
  if (test?.problem !== undefined) {
    const place = { file: "", row: 0, col: 0 };
    const diagnostics = [{ code: "test_not_compiled", message: test.problem, ...place }];
    return { ok: false, diagnostics } as const;
  }
  const { wasm } = compiled;
  if (wasm === undefined || test?.entrypoint === undefined) throw new Error("no test was compiled");
  const question = { ...asked, entrypoint: test.entrypoint };
  return { ok: true, wasm, question, form: "test" } as const;
}

/** Only OPA reads Rego terms as OPA does. */
async function formatInput(toolchain: Toolchain, input: OpaCase["input"]): Promise<string> {
  if (input === undefined) return "";
  if ("document" in input) return formatNotation(input.document);
  const files = [{ path: "term.rego", text: "package term" }];
  const request = { files, query: "input", inputTerm: input.term, notation: true };
  const evaluated = await toolchain.eval(request);
  const notation = evaluated.ok ? evaluated.result[0]?.expressions[0]?.notation : undefined;
  if (notation === undefined) throw new Error(`OPA does not read the term ${input.term}`);
  return notation;
}
