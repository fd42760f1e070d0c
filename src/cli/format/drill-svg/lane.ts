/** @module What the lanes of a drawing have in common: size, style, and how elements are written. */

import { escapeXml } from "../xml.ts";

/** Elements, their origin at the top left of the lane. */
export interface Lane {
  readonly height: number;
  readonly content: readonly string[];
}

export interface TimeScale {
  readonly endS: number;
  /** From seconds since the start to a place from the left. */
  readonly xOf: (atS: number) => number;
}

/** In user units, which are pixels at the drawing's own size. */
export const widths = { all: 1_000, gutter: 190, margin: 24 } as const;

/** Width of a character in parts of the size of the font, at least as wide as any font has it. */
const characterRatio = 0.62;

export function widthOfText(line: string, size: number): number {
  return line.length * size * characterRatio;
}

/** `line`, or as much of it as fits into `width`, or nothing. */
export function fitText(line: string, size: number, width: number): string {
  const lengthMax = Math.floor(width / (size * characterRatio));
  if (line.length <= lengthMax) return line;
  return lengthMax < 4 ? "" : `${line.slice(0, lengthMax - 1)}…`;
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(String(value))}"`,
  );
  const start = `<${name}${written.join("")}`;
  return content.length === 0 ? `${start}/>` : `${start}>${content.join("\n")}</${name}>`;
}

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly weight?: "bold";
  /** Of the style, beside that of texts. */
  readonly as?: string;
}

export function text({ x, y, size, anchor, weight, as }: TextPlace, line: string): string {
  const attributes = {
    x,
    y,
    "font-size": size,
    ...(anchor === undefined ? {} : { "text-anchor": anchor }),
    ...(weight === undefined ? {} : { "font-weight": weight }),
    ...(as === undefined ? {} : { class: as }),
  };
  return element("text", attributes, [escapeXml(line)]);
}

/** The name of a lane, in the gutter on its left. */
export function laneName(line: string, y: number): string {
  const size = 11;
  return text({ x: 16, y, size }, fitText(line, size, widths.gutter - 32));
}

export const laneStyle = `
  svg { --ink: #1d2433; --soft: #5c6577; --line: #c4cad6; --paper: #ffffff;
    --allow: #d6f0dd; --escalate: #ffe9b8; --rollback: #ffd3cf; --hatch: #00000030; --curve: #1f5fbf; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e8ebf2; --soft: #a9b2c3; --line: #465066; --paper: #161b26;
      --allow: #1d4a2b; --escalate: #5b430b; --rollback: #63211d; --hatch: #ffffff38; --curve: #7fb2ff; }
  }
  text { font-family: ui-sans-serif, system-ui, sans-serif; fill: var(--ink); }
  .soft { fill: var(--soft); }
  .paper { fill: var(--paper); }
  .line { stroke: var(--line); fill: none; }
  .hatch { stroke: var(--hatch); stroke-width: 1.4; fill: none; }
  .allow { fill: var(--allow); stroke: var(--ink); stroke-width: 0.6; }
  .escalate { fill: var(--escalate); stroke: var(--ink); stroke-width: 0.6; }
  .rollback { fill: var(--rollback); stroke: var(--ink); stroke-width: 0.6; }
  .over { stroke: none; }
  .curve { stroke: var(--curve); stroke-width: 1.8; fill: none; }
  .point { fill: var(--curve); }
  .gap { stroke: var(--ink); stroke-width: 1.4; fill: none; }
  .bar { fill: var(--line); stroke: var(--ink); stroke-width: 0.6; }
  .mark { fill: var(--ink); }`;
