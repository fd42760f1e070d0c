import { DOMParser, type Element } from "@xmldom/xmldom";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrillResult, DrillRow } from "../../service/simulation/drill-row.ts";
import { drillSvg } from "./drill-svg.ts";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly what: string;
}

const plainRow: DrillRow = {
  at_s: 0,
  kind: "ask",
  release: "base",
  service: "checkout",
  event: "ask continue",
  row: 1,
  summary: "",
  next: [],
  signals: [],
  isWanted: false,
  differences: [],
};

function resultOf(rows: readonly Partial<DrillRow>[], description = "a drill"): DrillResult {
  const all = rows.map((row) => ({ ...plainRow, ...row }));
  return { file: "drill.yaml", description, rows: all, as_wanted: 1, not_as_wanted: 0 };
}

function errors(shown: number | undefined, signal = "errors"): DrillRow["signals"] {
  const base = { signal, service: "checkout", population: "candidate" };
  return [shown === undefined ? base : { ...base, shown }];
}

/** Parses strictly: what is not well-formed throws. */
function parse(svg: string): Element {
  const complaints: string[] = [];
  const parser = new DOMParser({
    onError: (level, message) => complaints.push(`${level} ${message}`),
  });
  const document = parser.parseFromString(svg, "image/svg+xml");
  expect(complaints).toEqual([]);
  const root = document.documentElement;
  if (root === null) throw new Error("no element");
  return root;
}

function elements(root: Element, name: string): Element[] {
  return [...root.getElementsByTagName(name)] as Element[];
}

const numberOf = (one: Element, name: string) => Number(one.getAttribute(name) ?? "0");

/** How far the lane of an element lies below the top. */
function shiftOf(one: Element): number {
  const transform = (one.parentNode as Element | null)?.getAttribute?.("transform") ?? "";
  return Number(/translate\(0 ([\d.]+)\)/.exec(transform)?.[1] ?? 0);
}

/** Sans-serif letters are 0.62 of the size wide on average, or less. */
function textBoxes(root: Element): Box[] {
  return elements(root, "text").map((one) => {
    const what = one.textContent ?? "";
    const size = numberOf(one, "font-size");
    const width = what.length * size * 0.62;
    const anchor = one.getAttribute("text-anchor") ?? "start";
    const left = numberOf(one, "x") - { start: 0, middle: width / 2, end: width }[anchor as "end"];
    const base = numberOf(one, "y") + shiftOf(one);
    return { what, left, right: left + width, top: base - size * 0.75, bottom: base + size * 0.22 };
  });
}

function shapeBoxes(root: Element): Box[] {
  const rects = elements(root, "rect").map((one) => {
    const left = numberOf(one, "x");
    const top = numberOf(one, "y") + shiftOf(one);
    const right = left + numberOf(one, "width");
    return { what: "rect", left, top, right, bottom: top + numberOf(one, "height") };
  });
  const circles = elements(root, "circle").map((one) => {
    const [x, y, r] = [numberOf(one, "cx"), numberOf(one, "cy") + shiftOf(one), numberOf(one, "r")];
    return { what: "circle", left: x - r, right: x + r, top: y - r, bottom: y + r };
  });
  const absolute = elements(root, "path").filter(
    (one) =>
      (one.parentNode as Element).tagName !== "pattern" &&
      /^[ML\d. ]+$/.test(one.getAttribute("d") ?? ""),
  );
  const paths = absolute.map((one) => {
    const numbers = (one.getAttribute("d") ?? "").match(/[\d.]+/g)?.map(Number) ?? [];
    const xs = numbers.filter((_, index) => index % 2 === 0);
    const ys = numbers.filter((_, index) => index % 2 === 1).map((y) => y + shiftOf(one));
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    return { what: "path", left, right, top: Math.min(...ys), bottom: Math.max(...ys) };
  });
  return [...rects, ...circles, ...paths];
}

function expectReadable(svg: string): void {
  const root = parse(svg);
  const [, , width, height] = (root.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const texts = textBoxes(root);
  const isOutside = (box: Box) =>
    box.left < 0 ||
    box.top < 0 ||
    box.right > (width ?? 0) + 0.1 ||
    box.bottom > (height ?? 0) + 0.1;
  expect([...texts, ...shapeBoxes(root)].filter(isOutside)).toEqual([]);
  const overlaps = texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => one.left < other.right && other.left < one.right)
      .filter((other) => one.top < other.bottom && other.top < one.bottom)
      .map((other) => `${one.what} / ${other.what}`),
  );
  expect(overlaps).toEqual([]);
}

describe("a drill as a drawing", () => {
  const drill = resultOf([
    { at_s: 0, verdict: "allow", code: "CLEAR", signals: errors(0.001) },
    { at_s: 60, verdict: "allow", code: "CLEAR", signals: errors(undefined) },
    { at_s: 120, verdict: "escalate", level: "page", code: "CANARY_WORSE", signals: errors(0.06) },
    { at_s: 150, kind: "resolve", event: "answer rollback by ann" },
    { at_s: 180, kind: "step", event: "", step: { id: "1-artifact_revert", state: "started" } },
    { at_s: 240, kind: "step", event: "", step: { id: "1-artifact_revert", state: "succeeded" } },
    { at_s: 300, kind: "verify", outcome: "recovered", verdict: "allow", signals: errors(0.001) },
  ]);

  test("is well-formed, with a title and words for those who cannot see it", () => {
    const root = parse(drillSvg({ ...drill, description: 'a <"drill"> & more' }));
    expect(root.getAttribute("role")).toBe("img");
    expect(elements(root, "title")[0]?.textContent).toBe('a <"drill"> & more');
    expect(elements(root, "desc")[0]?.textContent).toBe(
      "4 answers over time. after 0 s checkout: allow (CLEAR); after 60 s checkout: allow (CLEAR); after 120 s checkout: escalate (CANARY_WORSE); after 300 s checkout: recovered.",
    );
  });

  test("says each verdict by a word and a pattern, not by colour alone", () => {
    const root = parse(drillSvg(drill));
    const words = elements(root, "text").map((one) => one.textContent);
    expect(words).toEqual(expect.arrayContaining(["ALLOW", "ESCALATE page", "succeeded"]));
    expect(words).toContain("1-artifact_revert");
    expect(elements(root, "rect").map((one) => one.getAttribute("fill"))).toContain(
      "url(#escalate)",
    );
  });

  test("breaks the curve where a signal could not be read, and marks the place", () => {
    const root = parse(drillSvg(drill));
    const paths = elements(root, "path").map((one) => one.getAttribute("class"));
    expect(paths.filter((name) => name === "gap")).toHaveLength(1);
    expect(paths.filter((name) => name === "curve")).toHaveLength(1);
  });

  test("nothing lies outside, and no words lie on others", () => {
    expectReadable(drillSvg(drill));
    expectReadable(drillSvg(resultOf([{ at_s: 0, verdict: "allow" }])));
  });

  const anyRow: fc.Arbitrary<Partial<DrillRow>> = fc.record(
    {
      at_s: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 3_000_000 })),
      kind: fc.constantFrom("ask", "verify", "step", "resolve", "outage", "look", "end"),
      release: fc.constantFrom("base", "payments", "a release with a very long name indeed"),
      verdict: fc.constantFrom("allow", "rollback", "escalate"),
      level: fc.constantFrom("wait", "notify", "page"),
      code: fc.constantFrom("CLEAR", "A_VERY_LONG_CODE_THAT_SAYS_IT_ALL"),
      event: fc.string({ maxLength: 200 }),
      signals: fc
        .array(fc.tuple(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), fc.string()), {
          maxLength: 4,
        })
        .map((all) => all.flatMap(([shown, name]) => errors(shown ?? undefined, name))),
      step: fc.record({
        id: fc.constantFrom("1-hold", "12-migration_down"),
        state: fc.constantFrom("started", "succeeded", "failed"),
      }),
    },
    { requiredKeys: ["at_s", "kind"] },
  );

  test("whatever happens", () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 20 }),
        fc.string({ maxLength: 1_000 }),
        (rows, words) => {
          const sorted = rows.toSorted((a, b) => (a.at_s ?? 0) - (b.at_s ?? 0));
          expectReadable(drillSvg(resultOf(sorted, words)));
        },
      ),
      { numRuns: 150 },
    );
  });
});
