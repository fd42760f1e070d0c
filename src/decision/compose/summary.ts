/** @module The one line that wakes somebody up: what to do, with what, and why. */

import { type Evidence, type Reason, summaryLengthMax } from "../decision.ts";
import { toLine } from "./line.ts";
import { findMainReason, type Outcome } from "./outcome.ts";

/** Names are cut so that the reason always has room. */
const serviceLengthMax = 50;
const versionLengthMax = 24;
const hazardLengthMax = 60;

/** `checkout: roll back 2.4.0 to 2.3.9: ...`, at most 200 characters. */
export function createSummary(outcome: Outcome): string {
  const service = toLine(outcome.input.release.service, serviceLengthMax);
  return toLine(
    `${service}: ${describeAdvice(outcome)}: ${describeWhy(outcome)}`,
    summaryLengthMax,
  );
}

function describeAdvice(outcome: Outcome): string {
  const { verdict, level, retryAfterMs, code } = outcome;
  const candidate = describeCandidate(outcome);
  const isVerify = outcome.input.request.question === "verify";
  if (verdict === "rollback") return `roll back ${candidate}${describeTarget(outcome)}`;
  if (verdict === "allow") return isVerify ? `recovered from ${candidate}` : advise(outcome);
  if (code === "POLICY_ERROR") return `cannot judge ${candidate}, a human decides`;
  if (code === "NO_ROLLBACK_TARGET") {
    return `${candidate} should go back, but no target is named, a human decides`;
  }
  if (code === "PLAN_UNSAFE_STATE") {
    return `${candidate} should go back, but on the way ${describeHazard(outcome)}, a human decides`;
  }
  if (level !== "wait") {
    return isVerify
      ? `not recovered from ${candidate}, a human decides`
      : `a human decides on ${candidate}`;
  }
  const wait = retryAfterMs === undefined ? "" : ` ${Math.ceil(retryAfterMs / 1_000)} s`;
  return `wait${wait} with ${candidate}, then ask again`;
}

/** What an `allow` should not be taken for, by the kind of the reason that stands out. */
const caveats: Readonly<Record<Reason["kind"], string>> = {
  unsafe: ", which cannot safely go back any more",
  insufficient: ", not judged yet",
  hold: ", but do not promote it",
  regression: "",
  note: "",
};

function advise(outcome: Outcome): string {
  const advice = outcome.input.request.question === "promote" ? "promote" : "carry on with";
  const main = findMainReason(outcome);
  return `${advice} ${describeCandidate(outcome)}${main === undefined ? "" : caveats[main.kind]}`;
}

function describeCandidate({ input }: Outcome): string {
  return toLine(input.release.candidate.version, versionLengthMax);
}

/** Where the plan leads: to a version, or to a flag turned off. */
function describeTarget({ plan }: Outcome): string {
  const target = plan?.target?.version ?? plan?.target?.digest;
  return target === undefined ? " by its flag" : ` to ${toLine(target, versionLengthMax)}`;
}

/** The first bad state, cut so that the reason for going back has room too. */
function describeHazard({ plan }: Outcome): string {
  return toLine(plan?.hazards[0]?.why ?? "", hazardLengthMax);
}

/** Why, in the words of the reason that decided. */
export function describeWhy(outcome: Outcome): string {
  const [error, ...others] = outcome.errors;
  if (error !== undefined) {
    return `policy ${toLine(error.policy, 60)}: ${toLine(error.message, 150)}${more(others.length)}`;
  }
  const main = findMainReason(outcome);
  if (main === undefined) return describeNothingFound(outcome);
  const alike = outcome.reasons.filter(
    (reason) => reason.counted && reason.kind === main.kind && reason !== main,
  );
  return `${describeReason(main)}${more(alike.length)}`;
}

function describeNothingFound({ input }: Outcome): string {
  const { ok, expected } = input.derived.coverage;
  return `nothing speaks against it, ${ok} of ${expected} signals ok`;
}

/** A message without a number gets those of its evidence, where that compares two. */
function describeReason({ message, evidence: [first] }: Reason): string {
  if (first?.margin === undefined || first.op === "==" || /\d/.test(message)) return message;
  return `${message} (${describeEvidence(first)})`;
}

function describeEvidence({ path, observed, op, threshold, unit }: Evidence): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const suffix = unit === undefined ? "" : ` ${unit}`;
  return `${name} ${String(observed)} ${op} ${String(threshold)}${suffix}`;
}

function more(count: number): string {
  return count === 0 ? "" : ` (and ${count} more)`;
}
