/**
 * @module A drill as a drawing: signals, verdicts, steps and answers over time, in plain SVG. What a
 * colour says a word or a pattern says too, so that it can be read in black and white, and by ear.
 */

import type { DrillResult } from "../../service/simulation/drill-row.ts";
import { count } from "./count.ts";
import { answerLane } from "./drill-svg/answer-lane.ts";
import { element, type Lane, laneStyle, type TimeScale, text, widths } from "./drill-svg/lane.ts";
import { signalLanes } from "./drill-svg/signal-lane.ts";
import { stepLanes } from "./drill-svg/step-lane.ts";
import { timeAxis } from "./drill-svg/time-axis.ts";
import { verdictLanes } from "./drill-svg/verdict-lane.ts";
import { escapeXml } from "./xml.ts";

const headHeight = 64;
const laneGap = 14;

/** A document of its own; one drill for each. */
export function drillSvg(result: DrillResult): string {
  const { file, description, rows } = result;
  // What came last needs room to be seen.
  const scale = createScale(Math.max(1, ...rows.map(({ at_s: atS }) => atS * 1.13)));
  const lanes: Lane[] = [
    ...signalLanes(rows, scale),
    ...verdictLanes(rows, scale),
    ...stepLanes(rows, scale),
    ...answerLane(rows, scale),
  ];
  let top = headHeight;
  const placed = lanes.map((lane) => {
    const y = top;
    top += lane.height + laneGap;
    return element("g", { transform: `translate(0 ${y})` }, lane.content);
  });
  const axis = timeAxis(scale);
  const height = top + axis.height;
  const size = { width: String(widths.all), height: String(height) };
  const { as_wanted: right, not_as_wanted: wrong } = result;
  const heading = shorten(description, 110);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        viewBox: `0 0 ${widths.all} ${height}`,
        ...size,
        role: "img",
        "aria-labelledby": "title desc",
      },
      [
        `<title id="title">${escapeXml(description)}</title>`,
        `<desc id="desc">${escapeXml(describe(result))}</desc>`,
        `<style>${laneStyle}</style>`,
        patterns,
        element("rect", { class: "paper", ...size }),
        text({ x: 16, y: 26, size: 15, weight: "bold" }, heading),
        text({ x: 16, y: 46, size: 11 }, shorten(`${file}: ${right} as wanted, ${wrong} not`, 140)),
        ...placed,
        element("g", { transform: `translate(0 ${top})` }, axis.content),
      ],
    ),
  ].join("\n");
}

function createScale(endS: number): TimeScale {
  const from = widths.gutter;
  const length = widths.all - widths.gutter - widths.margin;
  return { endS, xOf: (atS) => round(from + (Math.min(atS, endS) / endS) * length) };
}

/** What the drawing shows, in words: each answer, in the order of time. */
function describe({ rows }: DrillResult): string {
  const told = rows
    .filter(({ kind }) => kind === "ask" || kind === "verify")
    .map(({ at_s: atS, verdict, outcome, code, service }) => {
      const answer = outcome ?? verdict ?? "refused";
      return `after ${atS} s ${service}: ${answer}${code === undefined ? "" : ` (${code})`}`;
    });
  return `${count(told.length, "answer")} over time. ${told.join("; ")}.`;
}

/** Texts of many lengths in a drawing of one width. */
function shorten(line: string, lengthMax: number): string {
  return line.length <= lengthMax ? line : `${line.slice(0, lengthMax - 1)}…`;
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}

/** Escalations are hatched, rollbacks are cross-hatched, what is allowed is plain. */
const patterns = [
  '<defs><pattern id="escalate" width="6" height="6" patternUnits="userSpaceOnUse">',
  '<path class="hatch" d="M0 6 L6 0"/></pattern>',
  '<pattern id="rollback" width="6" height="6" patternUnits="userSpaceOnUse">',
  '<path class="hatch" d="M0 6 L6 0 M0 0 L6 6"/></pattern></defs>',
].join("\n");
