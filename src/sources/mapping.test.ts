import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMapping } from "./mapping.ts";

const shipped = readFileSync(
  new URL("../../policies/mappings/prometheus-http.yaml", import.meta.url),
  "utf8",
);

const header = `provider: prometheus
max_age_s: 60
answers:
  errors: {query: errors_total}
  requests: {query: requests_total}
  history: {query: errors_total, range: {window_s: 60, step_s: 5}}
signals:
`;

/** What is said of a mapping with one signal, whose first line is row 8: `row:col message`. */
function problemsOf(signals: string): string[] {
  const parsed = parseMapping(header + signals, "mappings/shop.yaml");
  if (parsed.ok) return [];
  return parsed.diagnostics.map(({ file, row, col, message }) => {
    expect(file).toBe("mappings/shop.yaml");
    return `${row}:${col} ${message}`;
  });
}

describe("a mapping that is right", () => {
  test("the shipped one gives three signals of two tracks each", () => {
    const parsed = parseMapping(shipped, "mappings/prometheus-http.yaml");
    expect(parsed).toMatchObject({ ok: true });
    const signals = parsed.ok ? parsed.mapping.signals : [];
    expect(signals.map(({ id, populations }) => [id, Object.keys(populations)])).toEqual([
      ["http-errors", ["candidate", "stable"]],
      ["http-latency-p99", ["candidate", "stable"]],
      ["open-files", ["candidate", "stable"]],
    ]);
  });

  test("the one docs/signal-mappings.md explains is right", () => {
    const page = readFileSync(new URL("../../docs/signal-mappings.md", import.meta.url), "utf8");
    const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text ?? "");
    expect(examples).toHaveLength(1);
    for (const text of examples) {
      expect(parseMapping(text, "docs/signal-mappings.md")).toMatchObject({ ok: true });
    }
  });

  test("a bare name stands for an answer, and the population is the candidate", () => {
    const parsed = parseMapping(`${header}  - {id: e, sli: availability, value: errors}`, "m.yaml");
    expect(parsed.ok && parsed.mapping.signals).toEqual([
      {
        id: "e",
        sli: "availability",
        populations: { candidate: {} },
        value: { answer: "errors" },
      },
    ]);
  });
});

describe("a mapping that is wrong", () => {
  test.each([
    [
      "a filter in a path",
      `  - id: e
    sli: availability
    value:
      answer: errors
      path: $.data.result[?(@.metric.track=='canary')]
`,
      [
        "12:7 `signals.0.value.path`: filters and scripts are never evaluated: choose series by `labels`",
      ],
    ],
    [
      "an answer that is not described",
      "  - {id: e, sli: availability, bad: eror, total: requests}",
      ["8:32 `signals.0.bad`: answer `eror` is not described"],
    ],
    [
      "half of a pair of counts",
      "  - {id: e, sli: availability, bad: errors}",
      ["8:5 `signals.0`: needs `total` as well"],
    ],
    [
      "nothing to read",
      "  - {id: e, sli: availability}",
      ["8:5 `signals.0`: needs a `value`, `bad` and `total`, `windows` or a `series`"],
    ],
    [
      "one number from a range of them",
      "  - {id: e, sli: availability, value: history}",
      ["8:32 `signals.0.value`: answer `history` has a `range`: it gives a series, not one number"],
    ],
    [
      "a series from one number",
      "  - {id: e, sli: availability, series: errors}",
      ["8:32 `signals.0.series`: answer `errors` needs a `range` to give a series"],
    ],
    [
      "the same signal twice",
      `  - {id: e, sli: availability, value: errors}
  - {id: e, sli: latency, value: requests}`,
      ["9:6 `signals.1.id`: `e` of population candidate stands twice"],
    ],
    [
      "the same window twice",
      `  - id: e
    sli: availability
    windows:
      - {window_s: 60, bad: errors, total: requests}
      - {window_s: 60, bad: errors, total: requests}`,
      ["10:5 `signals.0.windows`: a window stands twice"],
    ],
    [
      "a label that the population states",
      `  - id: e
    sli: availability
    populations: {candidate: {track: canary}}
    value: {answer: errors, labels: {track: stable}}`,
      ["11:38 `signals.0.value.labels.track`: label `track` is stated by the population"],
    ],
    [
      "a label that a record would lose",
      "  - {id: e, sli: availability, value: {answer: errors, labels: {__proto__: x}}}",
      ["8:56 `signals.0.value.labels`: `__proto__` is not a name"],
    ],
    [
      "populations that a record would lose",
      "  - {id: e, sli: availability, value: errors, populations: {__proto__: {}}}",
      ["8:47 `signals.0.populations`: `__proto__` is not a name"],
    ],
    [
      "no population",
      "  - {id: e, sli: availability, value: errors, populations: {}}",
      ["8:47 `signals.0.populations`: names no population"],
    ],
    [
      "an unknown way to combine",
      "  - {id: e, sli: availability, value: {answer: errors, combine: avg}}",
      [expect.stringContaining("8:56 `signals.0.value.combine`: ")],
    ],
    [
      "several things at once, all of which are said",
      `  - id: e
    sli: uptime
    value: {answer: errors, path: "$..value"}
    criticl: true`,
      [
        expect.stringContaining("9:5 `signals.0.sli`: "),
        "10:29 `signals.0.value.path`: `..` is not supported: name each step",
        '11:5 `signals.0.criticl`: Unrecognized key: "criticl"',
      ],
    ],
  ])("by %s", (_what, signals, problems) => {
    expect(problemsOf(signals)).toEqual(problems);
  });

  test("by a range of more points than a signal holds", () => {
    const text =
      "provider: prometheus\nmax_age_s: 1\nanswers:\n  a:\n    query: up\n    range: {window_s: 1000, step_s: 1}\nsignals:\n  - {id: e, sli: latency, series: a}\n";
    expect(parseMapping(text, "m.yaml")).toEqual({
      ok: false,
      diagnostics: [
        {
          code: "schema_error",
          message: "`answers.a.range.step_s`: would give more than 1000 points",
          file: "m.yaml",
          row: 6,
          col: 29,
        },
      ],
    });
  });

  test("by YAML that does not parse", () => {
    expect(parseMapping("provider: [prometheus\n", "m.yaml")).toMatchObject({
      ok: false,
      diagnostics: [{ code: "yaml_error", file: "m.yaml" }],
    });
  });
});

describe("a hostile mapping", () => {
  const signal = (id: number) =>
    `  - {id: s${id}, sli: latency, populations: {candidate: {}, stable: {}, baseline: {}, fleet: {}}, value: errors, n: errors}\n`;
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 8 }, (_, level) => {
    const [from, to] = [String.fromCharCode(97 + level), String.fromCharCode(98 + level)];
    return `${to}: &${to} [${Array(9).fill(`*${from}`).join(",")}]\n`;
  }).join("")}`;
  test.each([
    ["is too long", `${header}${"#".repeat(70_000)}`],
    ["grows on expansion", bomb],
    ["is deep", "[".repeat(60_000)],
    ["is deep and whole", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    [
      "is deep in block form",
      Array.from({ length: 600 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    ],
    ["reads too many places", header + Array.from({ length: 60 }, (_, id) => signal(id)).join("")],
    ["has too many signals", header + Array.from({ length: 250 }, (_, id) => signal(id)).join("")],
    ["is a list", "- 1"],
    ["is empty", ""],
  ])("%s: refused within bounds", (_what, text) => {
    const startMs = performance.now();
    expect(parseMapping(text, "m.yaml")).toMatchObject({ ok: false });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  test("of any text is parsed or refused, and throws nothing", () => {
    const lines = shipped.split("\n");
    const edited = fc
      .tuple(fc.nat({ max: lines.length - 1 }), fc.string(), fc.boolean())
      .map(([at, text, whole]) =>
        lines.map((line, index) => (index === at ? (whole ? text : line + text) : line)).join("\n"),
      );
    fc.assert(
      fc.property(fc.oneof(fc.string(), edited), (text) => {
        const parsed = parseMapping(text, "m.yaml");
        expect(parsed.ok || parsed.diagnostics.length > 0).toBe(true);
      }),
    );
  });
});
