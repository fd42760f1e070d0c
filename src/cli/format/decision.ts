/** @module A decision as a person reads it: what to do, why, on what evidence, and how to go back. */

import type { Decision, Evidence, Reason } from "../../decision/decision.ts";
import { plain, style } from "../terminal.ts";
import { shortRevision } from "./count.ts";
import { planLines } from "./plan.ts";

const colourOfVerdict = { allow: "green", rollback: "red", escalate: "yellow" } as const;

/** `ROLLBACK  SLO_FAST_BURN` */
export function verdictLine({ verdict, code }: Pick<Decision, "verdict" | "code">): string {
  return `${style(["bold", colourOfVerdict[verdict]], verdict.toUpperCase())}  ${code}`;
}

export function decisionText(decision: Decision): string {
  const { bundle, decision_id: id } = decision.provenance;
  return [
    verdictLine(decision),
    plain(decision.summary),
    ...section("Reasons", decision.reasons.flatMap(reasonLines)),
    ...section(
      "Not known",
      decision.unknowns.map(({ path, message }) => `  ${plain(message)}${suffix(path)}`),
    ),
    ...escalationLines(decision),
    ...planSection(decision),
    "",
    style("dim", `bundle ${bundle.name} ${shortRevision(bundle.revision)}, decision ${plain(id)}`),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", style("bold", title), ...lines];
}

function suffix(path: string | undefined): string {
  return path === undefined ? "" : style("dim", `  ${plain(path)}`);
}

function reasonLines(reason: Reason): readonly string[] {
  const { policy, code, kind, severity, counted, location } = reason;
  const place = location === undefined ? "" : style("dim", `  ${location.file}:${location.row}`);
  const shadow = counted ? "" : " (in shadow: not counted)";
  return [
    `  ${kind}, ${severity}: ${plain(policy)} ${code}${shadow}${place}`,
    `    ${plain(reason.message)}`,
    ...reason.evidence.map((one) => `    ${evidenceLine(one)}`),
    ...flipLines(reason),
  ];
}

function flipLines({ would_flip: flip }: Reason): readonly string[] {
  if (flip === undefined) return [];
  const { path, from, to, verdict } = flip;
  return [
    `    with ${value(to)} instead of ${value(from)} at ${plain(path)}: ${verdict.toUpperCase()}`,
  ];
}

function evidenceLine(evidence: Evidence): string {
  const { path, observed, op, threshold, unit, margin, margin_ratio: marginRatio, n } = evidence;
  const measure = unit === undefined ? "" : ` ${plain(unit)}`;
  const details = [
    ...(margin === undefined ? [] : [`margin ${number(margin)}`]),
    ...(marginRatio === undefined ? [] : [`${Math.round(marginRatio * 100)} %`]),
    ...(n === undefined ? [] : [`n ${n}`]),
  ];
  const tail = details.length === 0 ? "" : style("dim", `  (${details.join(", ")})`);
  return `${plain(path)}: ${value(observed)} ${op} ${value(threshold)}${measure}${tail}`;
}

function value(one: Evidence["observed"]): string {
  return typeof one === "number" ? number(one) : plain(JSON.stringify(one));
}

/** Six significant digits: what a person compares; the JSON has them all. */
function number(one: number): string {
  return String(Number(one.toPrecision(6)));
}

function escalationLines({
  escalation,
  retry_after_ms: retryAfterMs,
}: Decision): readonly string[] {
  if (escalation === undefined) return [];
  const options = escalation.options.map(({ choice, text }) => `  ${choice}: ${plain(text)}`);
  const retry = retryAfterMs === undefined ? [] : [`  ask again in ${retryAfterMs / 1000} s`];
  const title = `Question (${escalation.level})`;
  return section(title, [`  ${plain(escalation.question)}`, ...options, ...retry]);
}

function planSection({ plan }: Decision): readonly string[] {
  if (plan === undefined) return [];
  const id = plan.plan_id.slice(0, "sha256:".length + 12);
  return section(`Plan ${id}`, planLines(plan));
}
