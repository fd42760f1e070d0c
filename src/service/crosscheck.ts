/**
 * @module Two engines on one input: what the compiled module answered is asked of OPA's own
 * interpreter too. They are the same language by two implementations, so that where they differ one
 * of them is wrong, and nobody can say from outside which.
 */

import { canonicalJson } from "../base/canonical-json.ts";
import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { compareJson } from "../base/json-difference.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { isTestModule } from "../bundle/pack.ts";
import type { NormalisedInput } from "../decision/normalise.ts";
import type { Toolchain } from "../rego/toolchain/toolchain.ts";

export type Crosschecked =
  | { readonly outcome: "agreed" }
  | {
      readonly outcome: "disagreed";
      /** Where and how, for a person. */
      readonly message: string;
      /** What the interpreter comes to: its verdict, `undefined`, or `error`. */
      readonly interpreted: string;
    }
  /** The interpreter gave no answer in its time or memory: nothing is known. */
  | { readonly outcome: "failed"; readonly message: string };

export interface CrosscheckRequest {
  readonly bundle: Bundle;
  /** Canonical JSON of the normalised input. */
  readonly inputJson: string;
  /** What `belay/decision/answer` came to as WebAssembly; undefined where that was undefined. */
  readonly answer: JsonValue | undefined;
}

const differencesShown = 3;

export async function crosscheck(
  toolchain: Pick<Toolchain, "eval">,
  { bundle, inputJson, answer }: CrosscheckRequest,
): Promise<Crosschecked> {
  const input = JSON.parse(inputJson) as JsonValue;
  try {
    const evaluated = await toolchain.eval({
      files: bundle.sources.filter((file) => !isTestModule(file)),
      data: bundle.data,
      query: "data.belay.decision.answer",
      input,
      nowMs: (input as unknown as NormalisedInput).request.now_ms,
    });
    if (!evaluated.ok) {
      const first = evaluated.diagnostics[0]?.message ?? "without a diagnostic";
      return {
        outcome: "disagreed",
        message: `interpreted, the rules end with an error: ${first}`,
        interpreted: "error",
      };
    }
    return compareAnswers(answer, evaluated.result[0]?.expressions[0]?.value);
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    return { outcome: "failed", message: error.message };
  }
}

/** What is compared is what is recorded: canonical JSON. */
export function compareAnswers(
  compiled: JsonValue | undefined,
  interpreted: JsonValue | undefined,
): Crosschecked {
  if (compiled === undefined || interpreted === undefined) {
    if (compiled === interpreted) return { outcome: "agreed" };
    const [defined, undefinedOne] =
      interpreted === undefined ? ["compiled", "interpreted"] : ["interpreted", "compiled"];
    return disagreed(`the answer is defined ${defined} and undefined ${undefinedOne}`, interpreted);
  }
  if (canonicalJson(compiled) === canonicalJson(interpreted)) return { outcome: "agreed" };
  const differences = compareJson(compiled, interpreted).map(
    ({ path, left, right }) => `${path} is ${shown(left)} compiled and ${shown(right)} interpreted`,
  );
  const more = differences.length - differencesShown;
  const rest = more > 0 ? `; ${more} more` : "";
  return disagreed(`${differences.slice(0, differencesShown).join("; ")}${rest}`, interpreted);
}

function disagreed(message: string, interpreted: JsonValue | undefined): Crosschecked {
  return { outcome: "disagreed", message, interpreted: verdictOf(interpreted) };
}

/** What an answer comes to, in a word. */
export function verdictOf(answer: JsonValue | undefined): string {
  if (answer === undefined) return "undefined";
  const verdict = (answer as { readonly verdict?: unknown } | null)?.verdict;
  return typeof verdict === "string" && verdict !== "" ? verdict.slice(0, 20) : "no verdict";
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "absent" : JSON.stringify(value).slice(0, 60);
}
