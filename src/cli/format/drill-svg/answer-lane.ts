/** @module What people answered, and outages: marks in time, each with its words in a row of its own. */

import type { DrillRow } from "../../../service/simulation/drill-row.ts";
import {
  element,
  fitText,
  type Lane,
  laneName,
  type TimeScale,
  text,
  widthOfText,
  widths,
} from "./lane.ts";

const rowHeight = 18;
const size = 10.5;

/** Nothing where nobody answered and nothing failed. */
export function answerLane(rows: readonly DrillRow[], scale: TimeScale): readonly Lane[] {
  const told = rows.filter(({ kind }) => kind === "resolve" || kind === "outage");
  if (told.length === 0) return [];
  const marks = told.flatMap((row, place) => drawMark(row, place * rowHeight, scale));
  return [
    { height: told.length * rowHeight, content: [laneName("answers, outages", 13), ...marks] },
  ];
}

function drawMark({ at_s: atS, event, code }: DrillRow, top: number, { xOf }: TimeScale): string[] {
  const x = xOf(atS);
  const y = top + rowHeight / 2;
  const words = code === undefined ? event : `${event}: ${code}`;
  const room = widths.all - widths.margin - x - 10;
  const isLeft = room < widthOfText(words, size) && x - widths.gutter > room;
  const shown = fitText(words, size, isLeft ? x - widths.gutter - 10 : room);
  return [
    element("path", { class: "mark", d: `M${x} ${y - 5} l5 5 l-5 5 l-5 -5 z` }),
    text(
      {
        x: isLeft ? x - 9 : x + 9,
        y: y + 3.5,
        size,
        ...(isLeft ? { anchor: "end" as const } : {}),
      },
      shown,
    ),
  ];
}
