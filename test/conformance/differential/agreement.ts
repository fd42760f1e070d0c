/** @module Draws units and inputs until there were as many pairs as asked for, and compares. */

import fc from "fast-check";
import type { ToolchainPair } from "../toolchain-pair.ts";
import { findExplanation } from "./explained.ts";
import { unitRules } from "./rego-unit.arbitrary.ts";
import { agree, askBoth, type EngineOptions, formatPair, type Pair } from "./two-engines.ts";
import { unitInput } from "./unit-input.arbitrary.ts";

export interface AgreementOptions {
  readonly pairCount: number;
  /** The same seed draws the same units and inputs. */
  readonly seed: number;
  readonly toolchains: ToolchainPair;
  readonly findBuiltin: EngineOptions["findBuiltin"];
}

export interface AgreementReport {
  readonly pairs: number;
  readonly values: number;
  readonly undefineds: number;
  readonly errors: number;
  /** Disagreements that are explained, by their explanation. */
  readonly explained: ReadonlyMap<string, number>;
}

/** Units and inputs of one compilation. */
const batch = fc.tuple(
  fc.array(unitRules, { minLength: 1, maxLength: 24, size: "max" }),
  fc.array(unitInput, { minLength: 1, maxLength: 24, size: "max" }),
);

/** Batches between two looks at how many pairs there were. */
const batchesPerRound = 8;

/** Shrinking ends then, with the smallest policy found so far. A search without a find never does. */
const shrinkMsMax = 60_000;

/**
 * @throws Error with the smallest policy and input found on which the engines disagree without
 * an explanation
 */
export async function checkAgreement(options: AgreementOptions): Promise<AgreementReport> {
  const { pairCount, toolchains, findBuiltin } = options;
  const counts = { pairs: 0, values: 0, undefineds: 0, errors: 0 };
  const explained = new Map<string, number>();

  function count(pair: Pair): void {
    counts.pairs += 1;
    if (pair.topdown.kind === "value") counts.values += 1;
    else if (pair.topdown.kind === "undefined") counts.undefineds += 1;
    else counts.errors += 1;
  }

  /** Fails on the first pair that nothing explains. */
  function check(pair: Pair): void {
    if (agree(pair)) return;
    const explanation = findExplanation(pair);
    if (explanation === undefined) throw new Error(formatPair(pair));
    explained.set(explanation.name, (explained.get(explanation.name) ?? 0) + 1);
  }

  let foundAtMs = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(batch, async ([units, inputs]) => {
    if (performance.now() > foundAtMs + shrinkMsMax) return;
    const pairs = await toolchains.use((toolchain) =>
      askBoth(units, inputs, { toolchain, findBuiltin }),
    );
    pairs.forEach(count);
    try {
      pairs.forEach(check);
    } catch (error) {
      foundAtMs = Math.min(foundAtMs, performance.now());
      throw error;
    }
  });

  let round = 0;
  async function runRounds(): Promise<void> {
    while (counts.pairs < pairCount) {
      round += 1;
      await fc.assert(property, {
        seed: options.seed + round,
        numRuns: batchesPerRound,
      });
    }
  }
  await Promise.all([runRounds(), runRounds()]);
  return { ...counts, explained };
}

export function formatReport({ explained, ...counts }: AgreementReport): string {
  const reasons = [...explained].map(([name, count]) => `${count} ${name}`).join(", ");
  return `${counts.pairs} pairs of policy and input (${counts.values} values, ${counts.undefineds} undefined, ${counts.errors} errors); explained disagreements: ${reasons || "none"}`;
}
