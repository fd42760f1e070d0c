/** @module Outcomes as a person reads them: what was decided, what came of it, and how long it took. */

import type { Outcomes } from "../../service/outcomes/fold-outcomes.ts";
import type { Lengths, OutcomeCounts } from "../../service/outcomes/outcome-tally.ts";
import { plain, style } from "../terminal.ts";
import { tableLines } from "./table.ts";

export function outcomesText({ total, services, policies }: Outcomes): string {
  return [
    ...totalLines(total),
    ...section("By service", services),
    ...section("By policy that decided", policies),
  ].join("\n");
}

function totalLines({ decisions, rollbacks, escalations, ...lengths }: OutcomeCounts): string[] {
  const { allow, rollback, escalate } = decisions;
  const { began, succeeded, failed, under_way: underWay } = rollbacks;
  const { asked, unanswered, break_glass: broken } = escalations;
  const answers = `${escalations.proceed} proceed, ${escalations.hold} hold, ${escalations.rollback} rollback`;
  return [
    `decisions      ${allow + rollback + escalate}: ${allow} allow, ${rollback} rollback, ${escalate} escalate`,
    `rollbacks      ${began} begun: ${succeeded} succeeded, ${failed} failed, ${underWay} under way`,
    `               ${rollbacks.followed_by_inconsistency} followed by inconsistent data within a day`,
    `rolling back   ${lengthsText(lengths.rollback_lengths)}`,
    `recovery       ${lengthsText(lengths.recovery_lengths)}`,
    `escalations    ${asked} asked: ${answers}, ${broken} breaking the glass, ${unanswered} unanswered`,
  ];
}

function section(title: string, groups: Readonly<Record<string, OutcomeCounts>>): string[] {
  const rows = Object.entries(groups).map(([name, counts]) => rowOf(plain(name), counts));
  if (rows.length === 0) return [];
  const head = ["", "allow", "rollback", "escalate", "begun", "failed", "recovery", "unanswered"];
  return ["", style("bold", title), ...tableLines(head, rows)];
}

function rowOf(name: string, counts: OutcomeCounts): string[] {
  const { decisions, rollbacks, escalations, recovery_lengths: recovery } = counts;
  return [
    name,
    String(decisions.allow),
    String(decisions.rollback),
    String(decisions.escalate),
    String(rollbacks.began),
    String(rollbacks.failed),
    recovery === undefined ? "" : lengthText(recovery.median_s),
    String(escalations.unanswered),
  ];
}

function lengthsText(lengths: Lengths | undefined): string {
  if (lengths === undefined) return "none was seen";
  const { n, median_s: median, p90_s: p90 } = lengths;
  return `median ${lengthText(median)}, 90 % within ${lengthText(p90)} (n ${n})`;
}

/** `45 s`, `12 min`, `3.5 h`: as exact as anybody needs. */
function lengthText(lengthS: number): string {
  if (lengthS < 120) return `${Math.round(lengthS)} s`;
  if (lengthS < 7_200) return `${Math.round(lengthS / 60)} min`;
  return `${Number((lengthS / 3_600).toPrecision(3))} h`;
}
