/** @module Drills as people read them: a table of what happened, and what came otherwise than wanted. */

import type { DrillResult, DrillRow } from "../../service/simulation/drill-row.ts";
import { plain, style } from "../terminal.ts";
import { count } from "./count.ts";

const colourOfVerdict = { allow: "green", rollback: "red", escalate: "yellow" } as const;

/**
 * A table with what came otherwise than wanted below its rows; where all came as wanted, one line
 * unless `isTable`.
 */
export function drillText(result: DrillResult, isTable: boolean): string {
  const { file, description, as_wanted: right, not_as_wanted: wrong } = result;
  if (isTable) return tableText(result);
  if (wrong > 0) return `${style("red", "FAIL")}  ${tableText(result)}`;
  const seen = style("dim", `${plain(description)} (${right} as wanted)`);
  return `${style("green", "PASS")}  ${plain(file)}  ${seen}`;
}

/** `42 as wanted, 0 not (5 drills)` */
export function drillCounts(results: readonly DrillResult[]): string {
  const right = results.reduce((sum, one) => sum + one.as_wanted, 0);
  const wrong = results.reduce((sum, one) => sum + one.not_as_wanted, 0);
  const counts = style(wrong === 0 ? "green" : "red", `${right} as wanted, ${wrong} not`);
  return `${counts} (${count(results.length, "drill")})`;
}

/** `1:05:00` hours, minutes, seconds; days before them where there are any. */
export function clockText(atS: number): string {
  const whole = Math.floor(atS);
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3_600);
  const clock = `${hours % 24}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours < 24 ? clock : `${Math.floor(hours / 24)}d ${clock}`;
}

function tableText({ file, description, rows }: DrillResult): string {
  const cells = rows.map(cellsOf);
  const widths = cells.reduce<readonly number[]>(
    (widest, row) => row.map((text, column) => Math.max(widest[column] ?? 0, text.length)),
    [],
  );
  const lines = rows.flatMap((row, index) => {
    const padded = (cells[index] ?? []).map((text, column) => text.padEnd(widths[column] ?? 0));
    const [time = "", event = "", answer = "", ...rest] = padded;
    const line = [time, event, paint(row, answer), ...rest].join("  ").trimEnd();
    return [line, ...differenceLines(file, row)];
  });
  return [style("bold", plain(`${file}  ${description}`)), ...lines].join("\n");
}

function cellsOf(row: DrillRow): readonly string[] {
  const { at_s: atS, event, service, release, code = "", next, summary } = row;
  const about = release === "base" ? "" : ` (${release}: ${service})`;
  return [
    clockText(atS).padStart(8),
    plain(`${event}${about}`),
    answerOf(row),
    plain(code),
    plain(next.length === 0 ? "" : `next ${next.join(", ")}`),
    plain(summary),
  ];
}

function answerOf({ verdict, level, outcome, state, code, kind }: DrillRow): string {
  if (outcome !== undefined) return outcome;
  if (verdict !== undefined && kind === "ask") {
    return level === undefined ? verdict.toUpperCase() : `${verdict.toUpperCase()} ${level}`;
  }
  return state ?? (code === undefined ? "" : "refused");
}

function paint({ verdict, kind }: DrillRow, answer: string): string {
  if (verdict === undefined || kind !== "ask") return answer;
  return style(["bold", colourOfVerdict[verdict]], answer);
}

function differenceLines(file: string, { row, differences }: DrillRow): readonly string[] {
  return differences.map((one) => `          ${style("red", plain(`${file}:${row}: ${one}`))}`);
}
