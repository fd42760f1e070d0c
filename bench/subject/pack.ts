/** @module Packs of any number of rules, written by a script: what the benchmarks decide with. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const rulesOfPolicyMax = 10;

/** What each rule asks of its signal, in turn. */
const ratioCondition = { unit: "ratio", observed: "signal.bad / signal.total", limit: 0.2 };
const conditions = [
  ratioCondition,
  { unit: "times", observed: "_burn_of[signal.id]", limit: 100 },
  { unit: "events", observed: "signal.bad", limit: 5_000 },
];

/**
 * Writes a pack of `ruleCount` rules into `folder`: policies of up to ten rules, each of which looks
 * one signal up, computes with it and compares. Their limits are far off, so that a rule is
 * evaluated to its end and states nothing; the last rule of each policy states a note.
 */
export function writePack(folder: string, ruleCount: number, signalCount: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pack.yaml"), `name: bench-${String(ruleCount)}\n`);
  for (let from = 0; from < ruleCount; from += rulesOfPolicyMax) {
    const name = `bench_${String(from / rulesOfPolicyMax).padStart(3, "0")}`;
    const rules = Array.from(
      { length: Math.min(rulesOfPolicyMax, ruleCount - from) },
      (_, index) =>
        index === rulesOfPolicyMax - 1 || from + index === ruleCount - 1
          ? noteRule(name)
          : limitRule(name, index, `signal-${String((from + index) % signalCount)}`),
    );
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "policy.rego"), [head(name), ...rules].join("\n"));
  }
}

function head(name: string): string {
  return `package belay.policies.${name}

_at[signal.id] := index if {
	some index, signal in input.health.signals
	signal.population == "candidate"
}

_burn_of[row.signal] := row.rate if {
	some row in input.derived.burn
	row.population == "candidate"
	row.window_s == 300
}
`;
}

function limitRule(name: string, index: number, signalId: string): string {
  const { unit, observed, limit } = conditions[index % conditions.length] ?? ratioCondition;
  return `# METADATA
# title: Rule ${String(index)}
finding contains {
	"kind": "regression",
	"code": "${name.toUpperCase()}_RULE_${String(index)}",
	"severity": "major",
	"message": $"signal {signal.id} has {observed}",
	"evidence": [{"path": $"/health/signals/{at}", "observed": observed, "op": ">", "threshold": ${String(limit)}, "unit": "${unit}"}],
} if {
	at := _at["${signalId}"]
	signal := input.health.signals[at]
	observed := ${observed}
	observed > ${String(limit)}
}
`;
}

function noteRule(name: string): string {
  return `# METADATA
# title: Signals that were looked at
finding contains {
	"kind": "note",
	"code": "${name.toUpperCase()}_SEEN",
	"severity": "info",
	"message": $"{count(_at)} signals were looked at",
	"evidence": [{"path": "/derived/coverage/ok", "observed": input.derived.coverage.ok, "op": ">", "threshold": 0, "unit": "signals"}],
} if {
	input.derived.coverage.ok > 0
}
`;
}
