/** @module The time below a drawing, in steps that people count in. */

import { clockText } from "../drill-report.ts";
import { element, type Lane, type TimeScale, text } from "./lane.ts";

const stepsS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
  172_800, 604_800, 2_592_000,
];
const ticksMax = 7;

export function timeAxis({ endS, xOf }: TimeScale): Lane {
  const step = stepsS.find((one) => endS / one <= ticksMax) ?? endS;
  const ticks = Array.from({ length: Math.floor(endS / step) + 1 }, (_, index) => index * step);
  return {
    height: 36,
    content: [
      element("path", { class: "line", d: `M${xOf(0)} 4 L${xOf(endS)} 4` }),
      ...ticks.flatMap((atS) => [
        element("path", { class: "line", d: `M${xOf(atS)} 4 L${xOf(atS)} 9` }),
        text(
          {
            x: xOf(atS),
            y: 22,
            size: 9.5,
            anchor: atS === 0 ? "start" : endS - atS < step / 3 ? "end" : "middle",
          },
          step < 86_400 ? clockText(atS) : `${Math.floor(atS / 86_400)}d`,
        ),
      ]),
    ],
  };
}
