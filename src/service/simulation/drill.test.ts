import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDrill } from "./drill.ts";

const head = "description: a drill\nstart_ms: 1767225600000\nbase: {}\n";

function problemsOf(text: string): string[] {
  const parsed = parseDrill({ path: "a.yaml", text });
  return parsed.ok ? [] : parsed.diagnostics.map(({ row, message }) => `${row}: ${message}`);
}

function problemsOfTimeline(...events: string[]): string[] {
  return problemsOf(`${head}timeline:\n${events.map((event) => `  - ${event}\n`).join("")}`);
}

const asks = "{ at_s: 0, ask: continue, want: { verdict: allow } }";

test("a drill is read, with the row of each event", () => {
  const text = `${head}timeline:\n  - ${asks}\n  - { at_s: 9, look: true }\nwant_at_end: { state: none }\n`;
  const parsed = parseDrill({ path: "a.yaml", text });
  expect(parsed).toMatchObject({ ok: true, drill: { file: "a.yaml", rows: [5, 6, 7] } });
});

test.each([
  [
    "an event of no kind",
    "{ at_s: 0 }",
    "5: `timeline.0`: expected one of ask, verify, step, resolve, outage, look, found none",
  ],
  [
    "an event of two kinds",
    "{ at_s: 0, ask: promote, look: true }",
    "5: `timeline.0`: expected one of ask, verify, step, resolve, outage, look, found ask and look",
  ],
  [
    "a member nobody knows",
    "{ at_s: 0, ask: continue, hope: 1 }",
    '5: `timeline.0.hope`: Unrecognized key: "hope"',
  ],
  [
    "a release nobody named",
    "{ at_s: 0, look: true, for: x }",
    "5: `timeline.0.for`: the drill has no release `x`",
  ],
  [
    "a step without a name",
    "{ at_s: 0, step: {} }",
    "5: `timeline.0.step`: expected `id` or `next: true`",
  ],
  [
    "a key of no question",
    "{ at_s: 0, look: true, key: a }",
    "5: `timeline.0.key`: only a question has a key",
  ],
  [
    "an outage of nothing",
    "{ at_s: 0, outage: { until_s: 9 } }",
    "5: `timeline.0.outage`: expected `signals` or `provider`",
  ],
  ["a want of nothing", "{ at_s: 0, look: true, want: {} }", "5: `timeline.0.want`: wants nothing"],
])("%s is refused, with its row", (_, event, want) => {
  expect(problemsOfTimeline(event, asks)).toContain(want);
});

test("events that overlap are refused", () => {
  const polls = "{ at_s: 0, ask: continue, repeat: { every_s: 60, count: 3 } }";
  expect(problemsOfTimeline(polls, "{ at_s: 119, look: true, want: { state: none } }")).toEqual([
    "6: `timeline.1.at_s`: lies before 120 s, where it was",
  ]);
  expect(problemsOfTimeline(polls, "{ at_s: 120, look: true, want: { state: none } }")).toEqual([]);
});

test("a drill that wants nothing cannot fail, and is refused", () => {
  expect(problemsOfTimeline("{ at_s: 0, look: true }")).toEqual([
    "4: `timeline`: nothing is wanted, so nothing can fail",
  ]);
});

test("any text is read or refused with a place", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const parsed = parseDrill({ path: "a.yaml", text });
        expect(
          parsed.ok || parsed.diagnostics.every(({ file, row }) => file === "a.yaml" && row > 0),
        ).toBe(true);
      },
    ),
  );
});
