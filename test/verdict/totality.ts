/** @module The promises of the verdict, over as many generated requests as there is time for. */

import * as fc from "fast-check";
import { expect } from "vitest";
import { composeEngine, loadBundleFile } from "../../src/compose.ts";
import { decisionSchema } from "../../src/decision/decision.ts";
import { normaliseInput } from "../../src/decision/normalise.ts";
import { arbitraryRequest } from "../../src/decision/request.arbitrary.ts";
import { parseRequest } from "../../src/decision/request.ts";
import type { Decided } from "../../src/service/engine.ts";
import { nowMs, plausibleRequest } from "./plausible-request.arbitrary.ts";

const engine = composeEngine(loadBundleFile());
const caller = { subject: "test", auth: "none" };
const id = "00000000-0000-7000-8000-000000000000";

export type Wire = Record<string, unknown>;

export const anyRequest: fc.Arbitrary<Wire> = fc.oneof(
  { weight: 3, arbitrary: plausibleRequest },
  { weight: 1, arbitrary: arbitraryRequest as fc.Arbitrary<Wire> },
);

/** Decides a valid request, as the first of its roll-out. */
export function decide(raw: Wire): Decided {
  const parsed = parseRequest(raw, { nowMs, skewMs: 60_000 });
  if (!parsed.ok) throw new Error(`not valid: ${JSON.stringify(parsed.issues)}`);
  return engine.decide(normaliseInput(parsed.request, { id, nowMs, caller, history: {} }));
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
      const { decision, answered } = decide(raw);
      expect(answered.isPieced).toBe(false);
      const { row, errors } = answered.answer as { row: number; errors: unknown[] };
      expect(errors).toEqual([]);
      expect(decision.code).not.toBe("POLICY_ERROR");
      expect(decision.reasons.length).toBeLessThanOrEqual(1_300);
      expect(decisionSchema.safeParse(decision).success).toBe(true);
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
