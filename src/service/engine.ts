/**
 * @module One bundle made ready to decide. `decide` is the pure function that Belay promises: the
 * same bundle and the same normalised input give the same decision.
 */

import { canonicalJson } from "../base/canonical-json.ts";
import { sha256Hex } from "../base/digest.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import type { Bundle } from "../bundle/bundle.ts";
import {
  type Answer,
  answerEntrypoint,
  combineEntrypoint,
  type Verdict,
} from "../decision/answer.ts";
import { composeDecision } from "../decision/compose-decision.ts";
import { findFlips, type Judge } from "../decision/counterfactual/flip.ts";
import type { Decision, WouldFlip } from "../decision/decision.ts";
import type { NormalisedInput } from "../decision/normalise.ts";
import { evaluateDocument } from "../rego/evaluate-document.ts";
import type { Evaluator } from "../rego/evaluator.ts";
import { readJson } from "../rego/value-notation.ts";

export interface Engine {
  readonly bundle: Bundle;
  /** Has all at hand that deciding needs. @throws Error where the module cannot be instantiated */
  prepare(): void;
  /** `doubt`: why the answer cannot be relied on, which makes it `escalate`. */
  decide(input: NormalisedInput, doubt?: string): Decided;
}

export interface Decided {
  readonly decision: Decision;
  /** Canonical JSON of the input: what is evaluated, hashed and recorded. */
  readonly inputJson: string;
  readonly decisionJson: string;
  readonly answered: Answered;
}

/** What the rules came to, before anything was made of it. */
export interface Answered {
  /** Undefined where the rules are. */
  readonly answer: JsonValue | undefined;
  /** The evaluation stopped half-way: the answer was pieced together from what each policy found. */
  readonly isPieced: boolean;
  /** Steps of the evaluation, where they are counted and it came through. */
  readonly steps?: number;
}

export type CreateEvaluator = (wasm: Uint8Array, data: JsonObject) => Evaluator;

export function createEngine(bundle: Bundle, createEvaluator: CreateEvaluator): Engine {
  let evaluator: Evaluator | undefined;
  function prepare(): Evaluator {
    evaluator ??= createEvaluator(bundle.wasm, bundle.data);
    return evaluator;
  }
  const made = {
    bundle: { name: bundle.name, revision: bundle.revision, sha256: bundle.sha256 },
    wasmSha256: bundle.wasmSha256,
    entrypoint: answerEntrypoint,
    rules: bundle.rules,
  };
  /** What the rules answer on an input that is not recorded. */
  function askAgain(input: NormalisedInput): JsonValue | undefined {
    const inputJson = JSON.stringify(input);
    const nowMs = input.request.now_ms;
    const request = { entrypoint: answerEntrypoint, inputJson, nowMs };
    const asked = evaluateDocument(prepare(), request, readJson);
    return asked.ok ? asked.document : undefined;
  }
  const again: Omit<Judge, "ruled"> = {
    ask: (input) => verdictOf(askAgain(input)),
    prove(input) {
      const answer = askAgain(input);
      const { verdict, code } = composeDecision({ ...made, input, inputSha256: "", answer });
      return code === "POLICY_ERROR" ? undefined : verdict;
    },
  };
  return {
    bundle,
    prepare() {
      prepare();
    },
    decide(input, doubt) {
      const inputJson = canonicalJson(input);
      const answered = evaluateAnswer(prepare(), input, inputJson);
      const composed = composeDecision({
        ...made,
        input,
        inputSha256: sha256Hex(inputJson),
        answer: answered.answer,
        ...(answered.steps === undefined ? {} : { steps: answered.steps }),
        ...(doubt === undefined ? {} : { doubt }),
      });
      const decision = withFlips(
        composed,
        findFlips(input, composed, { ...again, ruled: verdictOf(answered.answer) }),
      );
      const decisionJson = canonicalJson(decision);
      return { decision, inputJson, decisionJson, answered };
    },
  };
}

/** Of an answer that is only searched with. */
function verdictOf(answer: JsonValue | undefined): Verdict | undefined {
  const { verdict, errors } = (answer ?? {}) as unknown as Partial<Answer>;
  return errors?.length === 0 ? verdict : undefined;
}

function withFlips(decision: Decision, flips: ReadonlyMap<number, WouldFlip>): Decision {
  if (flips.size === 0) return decision;
  const reasons = decision.reasons.map((reason, index) => {
    const flip = flips.get(index);
    return flip === undefined ? reason : { ...reason, would_flip: flip };
  });
  return { ...decision, reasons };
}

/**
 * The whole answer in one evaluation. Where that aborts, each policy is evaluated on its own, so
 * that the answer names the culprit and keeps what the others found.
 */
function evaluateAnswer(evaluator: Evaluator, input: NormalisedInput, inputJson: string): Answered {
  const nowMs = input.request.now_ms;
  const whole = evaluateDocument(
    evaluator,
    { entrypoint: answerEntrypoint, inputJson, nowMs },
    readJson,
  );
  if (whole.ok) {
    const { document: answer, steps } = whole;
    return { answer, isPieced: false, ...(steps !== undefined && { steps }) };
  }

  const findings: JsonValue[] = [];
  const errors: JsonValue[] = [];
  for (const entrypoint of evaluator.entrypoints) {
    const policy = /^belay\/policies\/([^/]+)\/finding$/.exec(entrypoint)?.[1];
    if (policy === undefined) continue;
    const alone = evaluateDocument(evaluator, { entrypoint, inputJson, nowMs }, readJson);
    const found = alone.ok ? alone.document : undefined;
    if (!alone.ok) errors.push({ policy, message: alone.message });
    else if (!Array.isArray(found)) errors.push({ policy, message: "finding is undefined" });
    else findings.push(...found.map((finding: JsonValue) => withPolicy(finding, policy)));
  }
  // No single policy is at fault: the rules that combine them are.
  if (errors.length === 0) errors.push({ policy: "belay.decision", message: whole.message });
  const together = canonicalJson({ request: input, findings, errors });
  const combined = evaluateDocument(
    evaluator,
    { entrypoint: combineEntrypoint, inputJson: together, nowMs },
    readJson,
  );
  return { answer: combined.ok ? combined.document : undefined, isPieced: true };
}

function withPolicy(finding: JsonValue, policy: string): JsonValue {
  const isObject = typeof finding === "object" && finding !== null && !Array.isArray(finding);
  return isObject ? { ...(finding as JsonObject), policy } : { policy, malformed: finding };
}
