/**
 * @module OPA's own cases: compiled by the toolchain and answered by our host, each of them metered
 * and as it came. What is not right is listed in `exceptions.yaml`, and nothing else may be.
 */

import { afterAll, describe, expect, test } from "vitest";
import { findBuiltin } from "../../src/rego/builtins/find-builtin.ts";
import { type NpmReason, runOnHost, runOnNpm, runOnTopdown } from "./case-run.ts";
import { compileCase } from "./compiled-case.ts";
import { type CaseException, exceptionCount, findException, record } from "./exceptions.ts";
import { loadOpaCases, type OpaCase } from "./opa-cases.ts";
import { createToolchainPair } from "./toolchain-pair.ts";

const loaded = await loadOpaCases();
const cases = loaded ?? [];
const toolchains = createToolchainPair();
afterAll(() => toolchains.close());

interface CaseResult {
  /** What is not as the case wants it. */
  readonly difference: string | undefined;
  /** How that is noticed where policies decide; undefined where it is not, or need not be. */
  readonly caught: CaseException["caught"] | undefined;
  readonly form: "document" | "rule" | "test" | "refused";
  readonly npm: NpmReason | "not compiled";
}

const results: CaseResult[] = [];

async function run(opaCase: OpaCase): Promise<CaseResult> {
  const compiled = await toolchains.use((toolchain) => compileCase(toolchain, opaCase));
  if (!compiled.ok) {
    const difference = `refused: ${compiled.diagnostics[0]?.message}`;
    return { difference, caught: "refused", form: "refused", npm: "not compiled" };
  }
  const difference = runOnHost(opaCase, compiled, findBuiltin);
  const npm = runOnNpm(opaCase, compiled);
  const isCaught =
    findException(opaCase)?.caught === "crosscheck" &&
    (await toolchains.use((toolchain) => runOnTopdown(toolchain, opaCase, compiled))) === undefined;
  return { difference, caught: isCaught ? "crosscheck" : undefined, form: compiled.form, npm };
}

test("there is a Go to fetch OPA's cases with; without one they are NOT RUN", ({ skip }) => {
  const message = "NOT RUN: OPA's cases come through Go's module proxy, and there is no `go` here";
  const isOptional = process.env["CI"] !== "true";
  skip(loaded === undefined && isOptional, message);
  expect(loaded?.length ?? 0, message).toBeGreaterThan(2_000);
});

describe.runIf(cases.length > 0)("OPA's own cases", { concurrent: true }, () => {
  test.for(cases)("$file: $note", { timeout: 300_000 }, async (opaCase) => {
    const result = await run(opaCase);
    results.push(result);
    const exception = findException(opaCase);
    const isListed = exception !== undefined;
    expect(result.difference !== undefined, result.difference ?? "it is right").toBe(isListed);
    expect(result.caught).toBe(exception?.caught);
  });
});

describe.runIf(cases.length > 0)("all of them", () => {
  const count = (is: (result: CaseResult) => boolean) => results.filter(is).length;

  test("as many are right as are recorded", async ({ annotate }) => {
    const right = count(({ difference }) => difference === undefined);
    const listed = exceptionCount;
    await annotate(`${right} of ${cases.length} right, ${listed} listed exceptions`);
    const forms = ["document", "rule", "test", "refused"] as const;
    const counts = forms.map((form) => `${count((result) => result.form === form)} ${form}`);
    await annotate(`${cases.length} queries compiled as: ${counts.join(", ")}`);
    expect(right).toBe(record.right);
    expect(right + listed).toBe(cases.length);
  });

  test("npm opa-wasm answers as many, and fails for the reasons known", async ({ annotate }) => {
    const reasons = Object.keys(record.npm_opa_wasm) as (keyof typeof record.npm_opa_wasm)[];
    const counts = Object.fromEntries(
      reasons.map((reason) => [reason, count(({ npm }) => npm === reason)]),
    );
    await annotate(`npm opa-wasm: ${JSON.stringify(counts)}`);
    expect(counts).toEqual(record.npm_opa_wasm);
  });
});
