/** @module Verdicts over time: one lane for each release, a band from each answer to the next. */

import type { DrillRow } from "../../../service/simulation/drill-row.ts";
import { element, fitText, type Lane, laneName, type TimeScale, text } from "./lane.ts";

const height = 30;
const size = 11;
/** How much wider bold letters are. */
const boldRatio = 1.15;

export function verdictLanes(rows: readonly DrillRow[], scale: TimeScale): readonly Lane[] {
  const asked = rows.filter(
    ({ kind, verdict }) => (kind === "ask" || kind === "verify") && verdict !== undefined,
  );
  const names = [...new Set(asked.map(({ release }) => release))];
  return names.map((name) => {
    const own = mergeBands(asked.filter(({ release }) => release === name));
    const title = name === "base" ? "verdict" : `verdict, ${name}`;
    const bands = own.flatMap((row, index) => {
      const from = scale.xOf(row.at_s);
      const until = scale.xOf(own[index + 1]?.at_s ?? scale.endS);
      return drawBand(row, from, until);
    });
    return { height, content: [laneName(title, 19), ...bands] };
  });
}

/** Answers in a row that are the same are one band. */
function mergeBands(rows: readonly DrillRow[]): readonly DrillRow[] {
  const words = rows.map(wordOf);
  return rows.filter((_, index) => words[index] !== words[index - 1]);
}

function wordOf({ verdict = "allow", level, outcome }: DrillRow): string {
  if (outcome !== undefined) return outcome.replaceAll("_", " ").toUpperCase();
  return level === undefined ? verdict.toUpperCase() : `${verdict.toUpperCase()} ${level}`;
}

/** The last answer of all has no length, and is a stroke. */
const widthMin = 3;

function drawBand(row: DrillRow, from: number, until: number): string[] {
  const { verdict = "allow" } = row;
  const width = Math.round(Math.max(widthMin, until - from) * 10) / 10;
  const box = { x: from, y: 2, width, height: 26 };
  const word = wordOf(row);
  const fitting = fitText(word, size * boldRatio, width - 8);
  const shown = fitting === "" && width > 14 ? word.slice(0, 1) : fitting;
  return [
    element("rect", { class: verdict, ...box }, [element("title", {}, [word])]),
    ...(verdict === "allow"
      ? []
      : [element("rect", { class: "over", fill: `url(#${verdict})`, ...box })]),
    ...(shown === "" ? [] : [text({ x: from + 4, y: 19, size, weight: "bold" }, shown)]),
  ];
}
