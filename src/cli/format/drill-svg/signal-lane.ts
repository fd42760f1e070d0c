/** @module Signals over time: one lane for each signal of what was released. */

import type { DrawnSignal, DrillRow } from "../../../service/simulation/drill-row.ts";
import { element, type Lane, laneName, type TimeScale, text } from "./lane.ts";

const height = 52;
const foot = 46;
const head = 6;
/** A drawing with more of them shows nothing any more. */
const lanesMax = 8;

interface Seen {
  readonly atS: number;
  readonly shown: number | undefined;
}

export function signalLanes(rows: readonly DrillRow[], scale: TimeScale): readonly Lane[] {
  const seen = new Map<string, Seen[]>();
  for (const { at_s: atS, signals } of rows) {
    for (const signal of signals) {
      const name = nameOf(signal);
      if (name === undefined) continue;
      seen.set(name, [...(seen.get(name) ?? []), { atS, shown: signal.shown }]);
    }
  }
  return [...seen].slice(0, lanesMax).map(([name, points]) => drawLane(name, points, scale));
}

/** Of what was released; how the others do is what it is held against. */
function nameOf({ signal, service, population }: DrawnSignal): string | undefined {
  return population === "candidate" || population === "fleet" ? `${service} ${signal}` : undefined;
}

function drawLane(name: string, points: readonly Seen[], { xOf, endS }: TimeScale): Lane {
  const top = Math.max(...points.map(({ shown }) => shown ?? 0));
  const yOf = (shown: number) => (top === 0 ? foot : round(foot - (shown / top) * (foot - head)));
  const curves: string[] = [];
  const marks: string[] = [];
  let path: string[] = [];
  const close = (): void => {
    if (path.length > 1) curves.push(element("path", { class: "curve", d: `M${path.join(" L")}` }));
    path = [];
  };
  for (const { atS, shown } of points) {
    const x = xOf(atS);
    if (shown === undefined) {
      close();
      marks.push(cross(x));
    } else {
      path.push(`${x} ${yOf(shown)}`);
      marks.push(element("circle", { class: "point", cx: x, cy: yOf(shown), r: 2.6 }));
    }
  }
  close();
  const from = xOf(0);
  return {
    height,
    content: [
      laneName(name, 20),
      text({ x: 16, y: 36, size: 9.5, as: "soft" }, scaleText(top, points)),
      element("path", { class: "line", d: `M${from} ${foot} L${xOf(endS)} ${foot}` }),
      ...curves,
      ...marks,
    ],
  };
}

/** What stands where a signal could not be read. */
function cross(x: number): string {
  const d = `M${x - 4} ${foot - 4} L${x + 4} ${foot + 4} M${x - 4} ${foot + 4} L${x + 4} ${foot - 4}`;
  return element("path", { class: "gap", d });
}

function scaleText(top: number, points: readonly Seen[]): string {
  const isPartly = points.some(({ shown }) => shown === undefined);
  const most = `at most ${Number(top.toPrecision(3))}`;
  return isPartly ? `${most}, × no data` : most;
}

function round(y: number): number {
  return Math.round(y * 10) / 10;
}
