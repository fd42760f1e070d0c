/** @module The promises of the verdict, over as many generated requests as there is time for. */

import { z } from "@hono/zod-openapi";
import * as fc from "fast-check";
import { expect } from "vitest";
import { canonicalJson } from "../../src/base/canonical-json.ts";
import { loadBundleFile } from "../../src/compose.ts";
import { answerEntrypoint } from "../../src/decision/answer.ts";
import { composeDecision } from "../../src/decision/compose-decision.ts";
import { type Decision, decisionSchema } from "../../src/decision/decision.ts";
import { normaliseInput } from "../../src/decision/normalise.ts";
import { arbitraryRequest } from "../../src/decision/request.arbitrary.ts";
import { parseRequest } from "../../src/decision/request.ts";
import { createAbiEvaluator } from "../../src/rego/abi/abi-evaluator.ts";
import { findBuiltin } from "../../src/rego/builtins/find-builtin.ts";
import { readJson } from "../../src/rego/value-notation.ts";
import { nowMs, plausibleRequest } from "./plausible-request.arbitrary.ts";

const bundle = loadBundleFile();
const evaluator = createAbiEvaluator(bundle.wasm, bundle.data, findBuiltin);
const schema = z.compile(decisionSchema, { strict: true });
const caller = { subject: "test", auth: "none" };
const id = "00000000-0000-7000-8000-000000000000";

export type Wire = Record<string, unknown>;

export const anyRequest: fc.Arbitrary<Wire> = fc.oneof(
  { weight: 3, arbitrary: plausibleRequest },
  { weight: 1, arbitrary: arbitraryRequest },
);

export interface Judged {
  readonly decision: Decision;
  /** The row of the verdict table, and what failed. */
  readonly row: number;
  readonly errors: readonly unknown[];
}

/**
 * Decides a valid request, as the first of its roll-out: what the engine does, but for the search for
 * what would have flipped the verdict, which would take most of the time.
 */
export function decide(raw: Wire): Judged {
  const parsed = parseRequest(raw, { nowMs, skewMs: 60_000 });
  if (!parsed.ok) throw new Error(`not valid: ${JSON.stringify(parsed.issues)}`);
  const input = normaliseInput(parsed.request, { id, nowMs, caller, history: {} });
  const inputJson = canonicalJson(input);
  const evaluated = evaluator.evaluate({ entrypoint: answerEntrypoint, inputJson, nowMs });
  if (!evaluated.ok) throw new Error(evaluated.message);
  if (evaluated.result === undefined) throw new Error("the rules are undefined");
  const answer = readJson(evaluated.result);
  const decision = composeDecision({
    input,
    inputSha256: "0".repeat(64),
    answer,
    bundle: { name: bundle.name, revision: bundle.revision, sha256: bundle.sha256 },
    wasmSha256: bundle.wasmSha256,
    entrypoint: answerEntrypoint,
    rules: bundle.rules,
  });
  const { row, errors } = answer as { row: number; errors: unknown[] };
  return { decision, row, errors };
}

export interface Totals {
  readonly verdicts: Map<string, number>;
  readonly rows: Map<number, number>;
}

/** Every request has exactly one verdict, by the rules' own answer, and a decision of its schema. */
export function checkTotality(numRuns: number, seed: number): Totals {
  const totals: Totals = { verdicts: new Map(), rows: new Map() };
  fc.assert(
    fc.property(anyRequest, (raw) => {
      const { decision, row, errors } = decide(raw);
      expect(errors).toEqual([]);
      expect(decision.code).not.toBe("POLICY_ERROR");
      expect(decision.reasons.length).toBeLessThanOrEqual(1_300);
      expect(schema.safeParse(decision).success).toBe(true);
      count(totals.verdicts, decision.verdict);
      count(totals.rows, row);
    }),
    { numRuns, seed },
  );
  return totals;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
