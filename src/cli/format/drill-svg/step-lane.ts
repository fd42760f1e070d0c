/** @module Steps of plans: one lane for each, a bar from its start to its end. */

import type { DrillRow } from "../../../service/simulation/drill-row.ts";
import { element, fitText, type Lane, laneName, type TimeScale, text, widths } from "./lane.ts";

const height = 18;
const size = 9.5;

interface Bar {
  readonly fromS: number;
  readonly untilS: number;
  readonly state: string;
}

export function stepLanes(rows: readonly DrillRow[], scale: TimeScale): readonly Lane[] {
  const bars = new Map<string, Bar[]>();
  for (const { at_s: atS, release, step } of rows) {
    if (step === undefined) continue;
    const name = release === "base" ? step.id : `${step.id}, ${release}`;
    const known = bars.get(name) ?? [];
    const last = known.at(-1);
    if (step.state === "started") {
      // A report that comes twice is one start.
      if (last?.state === "started") continue;
      bars.set(name, [...known, { fromS: atS, untilS: scale.endS, state: "started" }]);
    } else if (last?.state === "started") {
      const ended = { fromS: last.fromS, untilS: atS, state: step.state };
      bars.set(name, [...known.slice(0, -1), ended]);
    }
  }
  return [...bars].map(([name, own]) => ({
    height,
    content: [
      laneName(name, 13),
      ...own.flatMap((bar, index) => drawBar(bar, own[index + 1], scale)),
    ],
  }));
}

function drawBar(bar: Bar, next: Bar | undefined, { xOf }: TimeScale): string[] {
  const from = xOf(bar.fromS);
  const width = Math.round(Math.max(3, xOf(bar.untilS) - from) * 10) / 10;
  const limit = next === undefined ? widths.all - widths.margin : xOf(next.fromS);
  const after = from + width + 4;
  const isBefore = limit - after < 60;
  const word = bar.state === "started" ? "not ended" : bar.state;
  const inside = fitText(word, size, width - 8);
  const shown = inside === word ? inside : isBefore ? "" : fitText(word, size, limit - after - 4);
  const x = inside === word ? from + 4 : after;
  return [
    element("rect", { class: "bar", x: from, y: 3, width, height: 12 }, [
      element("title", {}, [word]),
    ]),
    ...(shown === "" ? [] : [text({ x, y: 12.5, size }, shown)]),
  ];
}
