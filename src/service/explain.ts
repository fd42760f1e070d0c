/**
 * @module Why a decision came out as it did: the recorded input evaluated once more by OPA's own
 * interpreter, which tells what the compiled module cannot: the trace, and the lines that ran.
 */

import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { isTestModule } from "../bundle/pack.ts";
import type { Decision } from "../decision/decision.ts";
import type { NormalisedInput } from "../decision/normalise.ts";
import type { RuleLocation } from "../decision/rule-location.ts";
import type { CoverageReport, SourceFile, Toolchain } from "../rego/toolchain/toolchain.ts";
import type { RecordReader } from "../store/record-store.ts";
import type { ExplainedRule, Explanation } from "./belay.ts";
import type { EnginePool } from "./engine-pool.ts";
import { loadDecisionEntry } from "./replay.ts";

/** A full trace of a large request runs to megabytes; nobody reads past this many steps. */
const traceEventsMax = 5000;

export interface ExplainRequest {
  readonly bundle: Bundle;
  readonly inputJson: string;
  readonly decision: Decision;
  readonly toolchain: Toolchain;
}

export async function explain(request: ExplainRequest): Promise<Explanation> {
  const { bundle, inputJson, decision, toolchain } = request;
  const files = bundle.sources.filter((file) => !isTestModule(file));
  const input = JSON.parse(inputJson) as JsonValue;
  const evaluated = await toolchain.eval({
    files,
    data: bundle.data,
    query: "data.belay.decision.answer",
    input,
    nowMs: (input as unknown as NormalisedInput).request.now_ms,
    explain: "full",
    traceEventsMax,
    coverage: true,
  });
  if (!evaluated.ok) {
    const first = evaluated.diagnostics[0]?.message ?? "no diagnostic";
    throw new BelayError("internal", `the recorded input does not evaluate: ${first}`);
  }
  const inspection = await toolchain.inspect(files);
  const rows = new Map<string, number[]>();
  for (const rule of inspection.ok ? inspection.rules : []) {
    rows.set(rule.file, [...(rows.get(rule.file) ?? []), rule.row]);
  }
  const covered = evaluated.coverage ?? {
    files: {},
    covered_lines: 0,
    not_covered_lines: 0,
    coverage: 0,
  };
  return {
    decision_id: decision.provenance.decision_id,
    verdict: decision.verdict,
    summary: decision.summary,
    rules: bundle.rules.map((rule) => explainRule(rule, decision, covered, rows)),
    absent: absentFields(files, input),
    trace: evaluated.explanation ?? [],
    covered,
  };
}

/** @throws BelayError `decision-not-found` */
export async function explainRecorded(
  reader: RecordReader,
  engines: EnginePool,
  toolchain: Toolchain,
  id: string,
): Promise<Explanation> {
  const { leaf, body } = await loadDecisionEntry(reader, id);
  const { bundle } = await engines.loadEngine(leaf.bundle.revision);
  const decision = JSON.parse(body.decision) as Decision;
  return explain({ bundle, inputJson: body.input, decision, toolchain });
}

function explainRule(
  rule: RuleLocation,
  decision: Decision,
  covered: CoverageReport,
  rows: ReadonlyMap<string, readonly number[]>,
): ExplainedRule {
  const { policy, code, file, row } = rule;
  const fired = decision.reasons.some((reason) => reason.policy === policy && reason.code === code);
  const base = { policy, rule: rule.rule, code, file, row, fired };
  if (fired) return base;
  const nextRow = Math.min(...(rows.get(file) ?? []).filter((r) => r > row), Infinity);
  const reached = (covered.files[file]?.covered ?? [])
    .map((range) => range.end.row)
    .filter((r) => r >= row && r < nextRow);
  return reached.length === 0 ? base : { ...base, stopped_at_row: Math.max(...reached) };
}

/**
 * Fixed references into `input` that stand in the policies and lead nowhere in this request. What is
 * reached through variables is not seen here; the trace shows it.
 */
function absentFields(files: readonly SourceFile[], input: JsonValue): readonly string[] {
  const absent = new Set<string>();
  for (const file of files) {
    if (!/^package belay\.policies\./m.test(file.text)) continue;
    for (const match of file.text.matchAll(/\binput((?:\.[a-z_][a-z0-9_]*)+)/g)) {
      const pointer = missingPointer(input, (match[1] ?? "").slice(1).split("."));
      if (pointer !== undefined) absent.add(pointer);
    }
  }
  return [...absent].sort();
}

function missingPointer(input: JsonValue, keys: readonly string[]): string | undefined {
  let value: unknown = input;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    if (!Object.hasOwn(value, key)) return `/${keys.join("/")}`;
    value = (value as Record<string, unknown>)[key];
  }
  return undefined;
}
