/** @module Reasons: findings with the place of their rule and the margins of their evidence. */

import type { JsonValue } from "../../base/json.ts";
import type { Finding } from "../answer.ts";
import type { Evidence, Reason } from "../decision.ts";
import { roundDerived } from "../derived/round.ts";
import { findAtPointer } from "../json-pointer.ts";
import type { RuleLocation } from "../rule-location.ts";
import { toLine } from "./line.ts";

type FindingEvidence = Finding["evidence"][number];

const messageLengthMax = 500;

/** The finding as a reason. A code that no rule of the bundle's index states has no location. */
export function createReason(finding: Finding, rules: readonly RuleLocation[]): Reason {
  const { policy, code, kind, severity, message, counted, grace_until_ms } = finding;
  const place = rules.find((rule) => rule.policy === policy && rule.code === code);
  return {
    policy,
    rule: place?.rule ?? `data.belay.policies.${policy}.finding`,
    ...(place === undefined ? {} : { location: { file: place.file, row: place.row } }),
    kind,
    code,
    severity,
    message: toLine(message, messageLengthMax),
    counted,
    ...(grace_until_ms === undefined ? {} : { grace_until_ms }),
    evidence: finding.evidence.map(withMargin),
  };
}

function withMargin(evidence: FindingEvidence): Evidence {
  const { path, observed, op, threshold, unit, n, status } = evidence;
  return {
    path,
    observed,
    op,
    threshold,
    ...(unit === undefined ? {} : { unit }),
    ...marginOf(observed, threshold),
    ...(n === undefined ? {} : { n }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Absent where a side is no number, and where the difference is too large for one. */
function marginOf(
  observed: unknown,
  threshold: unknown,
): Pick<Evidence, "margin" | "margin_ratio"> {
  if (typeof observed !== "number" || typeof threshold !== "number") return {};
  const margin = roundDerived(observed - threshold);
  if (!Number.isFinite(margin)) return {};
  const marginRatio = roundDerived(margin / Math.abs(threshold));
  return Number.isFinite(marginRatio) ? { margin, margin_ratio: marginRatio } : { margin };
}

/**
 * Whether what the evidence says is what the input says; the complaint in one line where it is not.
 *
 * A path that leads to a single value quotes it, and the quotation has to be exact. What a policy
 * has computed (a sum, a count) points at the array or object it was computed from. `null` may be
 * observed where there is nothing: that is how absence is evidence.
 */
export function findMisquote(evidence: FindingEvidence, input: JsonValue): string | undefined {
  const { path, observed } = evidence;
  const actual = findAtPointer(input, path);
  if (actual === undefined) {
    return observed === null ? undefined : `evidence ${toLine(path, 120)} leads nowhere`;
  }
  if (typeof actual === "object" && actual !== null) return undefined;
  if (actual === observed) return undefined;
  const [said, is] = [observed, actual].map((value) => toLine(JSON.stringify(value), 60));
  return `evidence ${toLine(path, 120)} is quoted as ${said} and is ${is}`;
}
