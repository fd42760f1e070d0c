/**
 * @module What ships, on two engines: for every case of the default pack, and each question a gate
 * may ask, the compiled module must answer what OPA's own interpreter answers.
 */

import { dirname } from "node:path/posix";
import { z } from "@hono/zod-openapi";
import { afterAll, expect, test } from "vitest";
import { canonicalJson } from "../../src/base/canonical-json.ts";
import type { JsonValue } from "../../src/base/json.ts";
import { parseYamlDocument } from "../../src/base/yaml-document.ts";
import { isCase, isTestModule } from "../../src/bundle/pack.ts";
import { loadBundleFile } from "../../src/compose.ts";
import { answerEntrypoint } from "../../src/decision/answer.ts";
import { normaliseInput } from "../../src/decision/normalise.ts";
import { parseRequest } from "../../src/decision/request.ts";
import { createOpaWasmEvaluator } from "../../src/rego/opa-wasm-evaluator.ts";
import type { SourceFile } from "../../src/rego/toolchain/toolchain.ts";
import { createToolchain } from "../../src/rego/toolchain/wasi-toolchain.ts";
import { readJson } from "../../src/rego/value-notation.ts";

const toolchain = createToolchain();
const bundle = loadBundleFile();
const evaluator = createOpaWasmEvaluator(bundle.wasm, bundle.data);
const modules = bundle.sources.filter((file) => !isTestModule(file));
const caseSchema = z.looseObject({
  now_ms: z.int(),
  request: z.looseObject({ request: z.looseObject({}).optional() }),
});

afterAll(() => toolchain.close());

/** The normalised inputs of one case, asked each question. */
function inputsOf(file: SourceFile): readonly JsonValue[] {
  const parsed = parseYamlDocument(file, caseSchema);
  if (!parsed.ok) throw new Error(`${file.path}: ${parsed.diagnostics[0]?.message}`);
  const { now_ms: nowMs, request: raw } = parsed.value;
  return ["continue", "promote", "verify"].map((question) => {
    const asked = { ...raw, request: { ...raw.request, question } };
    const request = parseRequest(asked, { nowMs, skewMs: 60_000 });
    if (!request.ok) throw new Error(`${file.path}: ${request.issues[0]?.message}`);
    const caller = { subject: "test", auth: "none" };
    return normaliseInput(request.request, { id: "case", nowMs, caller, history: {} });
  });
}

const casesByFolder = Object.entries(
  Object.groupBy(bundle.documents.filter(isCase), ({ path }) => dirname(path)),
).map(([folder, files = []]) => ({ folder, inputs: files.flatMap(inputsOf) }));

test("there are cases of every policy that has rules", () => {
  const folders = new Set(bundle.rules.map(({ file }) => `${dirname(file)}/cases`));
  expect(casesByFolder.map(({ folder }) => folder).toSorted()).toEqual([...folders].toSorted());
});

/** Seconds alone; beside the other files of this folder, which keep all cores busy, ten times that. */
const timeout = 120_000;

test.for(casesByFolder)(
  "$folder: compiled and interpreted answer alike",
  { timeout },
  async ({ inputs }) => {
    const interpreted = await toolchain.eval({
      files: modules,
      data: bundle.data,
      query: "[answer | some one in input; answer := data.belay.decision.answer with input as one]",
      input: inputs,
      strictBuiltinErrors: true,
    });
    if (!interpreted.ok) throw new Error(JSON.stringify(interpreted.diagnostics));
    const answers = interpreted.result[0]?.expressions[0]?.value as readonly JsonValue[];
    expect(answers.length).toBe(inputs.length);
    inputs.forEach((input, index) => {
      const compiled = evaluator.evaluate({
        entrypoint: answerEntrypoint,
        inputJson: canonicalJson(input),
        nowMs: 0,
      });
      expect(compiled).toMatchObject({ ok: true, result: expect.any(String) });
      expect(compiled.ok && readJson(compiled.result ?? "null")).toEqual(answers[index]);
    });
  },
);
