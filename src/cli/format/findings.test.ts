import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../base/diagnostic.ts";
import { githubAnnotations, sarifLog } from "./findings.ts";

const diagnostics: readonly Diagnostic[] = [
  { code: "test_failed", message: "a failed: `x` is\nfalse", file: "p a/ö.rego", row: 3, col: 2 },
  { code: "case_failed", message: "verdict: want allow", file: "p/cases/a.yaml", row: 0, col: 0 },
  { code: "rego_parse_error", message: "unexpected eof", file: "/tmp/a.rego", row: 6, col: 0 },
  { code: "no_test", message: "100 % nothing", file: "", row: 0, col: 0 },
];

interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly message: { readonly text: string };
        readonly locations: readonly { readonly physicalLocation: object }[];
      }[];
    },
  ];
}

describe("SARIF", () => {
  test("has a result for each diagnostic, with its place as far as that is known", () => {
    const log = sarifLog(diagnostics, "1.2.3") as Sarif;
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0].tool.driver).toMatchObject({ name: "belay", version: "1.2.3" });
    const places = log.runs[0].results.map(({ locations }) => locations[0]?.physicalLocation);
    expect(places).toEqual([
      {
        artifactLocation: { uri: "p%20a/%C3%B6.rego", uriBaseId: "%SRCROOT%" },
        region: { startLine: 3, startColumn: 2 },
      },
      { artifactLocation: { uri: "p/cases/a.yaml", uriBaseId: "%SRCROOT%" } },
      { artifactLocation: { uri: "file:///tmp/a.rego" }, region: { startLine: 6 } },
      undefined,
    ]);
  });

  test("names a rule for each code, once, and each result points at its own", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("b", "a", "c")), (codes) => {
        const log = sarifLog(
          codes.map((code) => ({ code, message: "m", file: "f", row: 1, col: 1 })),
          "1",
        ) as Sarif;
        const { rules } = log.runs[0].tool.driver;
        expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
        for (const { ruleId, ruleIndex } of log.runs[0].results) {
          expect(rules[ruleIndex]?.id).toBe(ruleId);
        }
        expect(log.runs[0].results.map(({ ruleId }) => ruleId)).toEqual(codes);
      }),
    );
  });
});

describe("annotations of GitHub", () => {
  test("say where and what, as far as that is known", () => {
    expect(githubAnnotations(diagnostics)).toEqual([
      "::error file=p a/ö.rego,line=3,col=2,title=test_failed::a failed: `x` is%0Afalse",
      "::error file=p/cases/a.yaml,title=case_failed::verdict: want allow",
      "::error file=/tmp/a.rego,line=6,title=rego_parse_error::unexpected eof",
      "::error title=no_test::100 %25 nothing",
    ]);
  });

  /** As the runner reads a line (`actions/runner`, ActionCommand). */
  function readAnnotation(line: string): ReadonlyMap<string, string> {
    const [, properties = "", data = ""] = /^::error (.*?)::(.*)$/s.exec(line) ?? [];
    const unescape = (text: string): string =>
      text
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ",")
        .replaceAll("%0D", "\r")
        .replaceAll("%0A", "\n")
        .replaceAll("%25", "%");
    const named = properties.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), unescape(pair.slice(at + 1))];
    });
    return new Map([...named, ["message", unescape(data)]]);
  }

  test("are one line that reads back, whatever names and messages hold", () => {
    const anyText = fc.string({ unit: fc.constantFrom(":", ",", "%", "\n", "\r", "=", "é", "2") });
    fc.assert(
      fc.property(anyText, anyText, (message, name) => {
        const file = `f${name}`;
        const [line = ""] = githubAnnotations([{ code: "c", message, file, row: 7, col: 1 }]);
        expect(line).not.toMatch(/[\r\n]/);
        expect(Object.fromEntries(readAnnotation(line))).toEqual({
          file,
          line: "7",
          col: "1",
          title: "c",
          message,
        });
      }),
    );
  });
});
