import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CoverageReport } from "../../rego/toolchain/toolchain.ts";
import { coberturaXml, lcovText } from "./coverage.ts";
import { parseXml } from "./xml.fixture.ts";

const range = (first: number, last: number) => ({ start: { row: first }, end: { row: last } });

/** Row 4 ran in part; the rows of a range all count. */
const report: CoverageReport = {
  files: {
    "pack/b/policy.rego": { covered: [range(3, 3), range(4, 6)], not_covered: [range(4, 4)] },
    "pack/a/policy.rego": { not_covered: [range(7, 8)] },
  },
  covered_lines: 4,
  not_covered_lines: 2,
  coverage: 66.67,
};

/** What a reader of LCOV makes of it: rows and hits of each file. */
function readLcov(text: string): ReadonlyMap<string, readonly (readonly number[])[]> {
  const records = text.split("end_of_record\n").filter((record) => record !== "");
  return new Map(
    records.map((record) => {
      const fields = record.trimEnd().split("\n");
      expect(fields.every((field) => /^(TN|SF|DA|LF|LH):/.test(field))).toBe(true);
      const of = (name: string) =>
        fields.filter((field) => field.startsWith(`${name}:`)).map((field) => field.slice(3));
      const lines = of("DA").map((line) => line.split(",").map(Number));
      expect(of("LF")).toEqual([String(lines.length)]);
      expect(of("LH")).toEqual([String(lines.filter(([, hits]) => hits === 1).length)]);
      return [of("SF")[0] ?? "", lines];
    }),
  );
}

describe("LCOV", () => {
  test("has every row with code, and those that ran", () => {
    expect([...readLcov(`${lcovText(report)}\n`)]).toEqual([
      [
        "pack/a/policy.rego",
        [
          [7, 0],
          [8, 0],
        ],
      ],
      [
        "pack/b/policy.rego",
        [
          [3, 1],
          [4, 1],
          [5, 1],
          [6, 1],
        ],
      ],
    ]);
  });

  test("counts what OPA counts", () => {
    const lines = [...readLcov(`${lcovText(report)}\n`).values()].flat();
    expect(lines.filter(([, hits]) => hits === 1).length).toBe(report.covered_lines);
    expect(lines.filter(([, hits]) => hits === 0).length).toBe(report.not_covered_lines);
  });
});

describe("Cobertura", () => {
  test("has packages, classes and lines with their rates", () => {
    const root = parseXml(coberturaXml(report, 1_700_000_000_000)).documentElement;
    expect(root?.getAttribute("line-rate")).toBe("0.6667");
    expect(root?.getAttribute("lines-covered")).toBe("4");
    expect(root?.getAttribute("lines-valid")).toBe("6");
    expect(root?.getAttribute("timestamp")).toBe("1700000000000");
    const classes = [...(root?.getElementsByTagName("class") ?? [])];
    expect(classes.map((one) => one.getAttribute("filename"))).toEqual([
      "pack/a/policy.rego",
      "pack/b/policy.rego",
    ]);
    expect(classes.map((one) => one.getAttribute("line-rate"))).toEqual(["0", "1"]);
    const lines = [...(root?.getElementsByTagName("line") ?? [])];
    expect(
      lines.map((line) => `${line.getAttribute("number")}:${line.getAttribute("hits")}`),
    ).toEqual(["7:0", "8:0", "3:1", "4:1", "5:1", "6:1"]);
  });

  test("is well-formed whatever a path holds, and so is LCOV", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (path) => {
        const hostile = { ...report, files: { [path]: { covered: [range(1, 1)] } } };
        const root = parseXml(coberturaXml(hostile, 0)).documentElement;
        expect(root?.getElementsByTagName("class").length).toBe(1);
        expect(readLcov(`${lcovText(hostile)}\n`).size).toBe(1);
      }),
    );
  });

  test("of nothing has a rate, and no files", () => {
    const nothing = { files: {}, covered_lines: 0, not_covered_lines: 0, coverage: 100 };
    expect(parseXml(coberturaXml(nothing, 0)).documentElement?.getAttribute("line-rate")).toBe("1");
    expect(lcovText(nothing)).toBe("");
  });
});
