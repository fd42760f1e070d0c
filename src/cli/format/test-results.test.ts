import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TestResult } from "../../rego/toolchain/toolchain.ts";
import type { TestSummary } from "../../service/belay.ts";
import { junitXml } from "./test-results.ts";

function summary(results: readonly TestResult[]): TestSummary {
  return { passed: 0, failed: results.length, skipped: 0, results, cases: [] };
}

describe("JUnit XML", () => {
  test("is well-formed whatever names, values and output hold", () => {
    const anyText = fc.string({
      unit: fc.oneof(
        fc.constantFrom("<", ">", "&", '"', "'", "\n", "\u0000", "\ud800", "]"),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(anyText, anyText, anyText, (name, value, printed) => {
        const xml = junitXml(
          summary([
            {
              location: { file: name, row: 1, col: 1 },
              package: name,
              name,
              fail: true,
              duration: 1500,
              output: Buffer.from(printed).toString("base64"),
              failed_at: { file: name, row: 2, col: 3, text: value, values: [{ name, value }] },
            },
          ]),
        );
        // It throws where the text is not well-formed.
        const parser = new DOMParser({ onError: onErrorStopParsing });
        const root = parser.parseFromString(xml, "text/xml").documentElement;
        expect(root?.getElementsByTagName("failure").length).toBe(1);
        expect(xml.isWellFormed()).toBe(true);
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
    );
  });

  test("has one suite for each package, with its own counts", () => {
    const result = (path: string, fail: boolean): TestResult => ({
      location: { file: "a_test.rego", row: 1, col: 1 },
      package: path,
      name: "test_x",
      ...(fail ? { fail: true } : {}),
      duration: 2_000_000,
    });
    const xml = junitXml(
      summary([result("data.a", false), result("data.b", true), result("data.a", true)]),
    );
    expect(xml).toContain('<testsuite name="data.a" tests="2" failures="1" skipped="0">');
    expect(xml).toContain('<testsuite name="data.b" tests="1" failures="1" skipped="0">');
    expect(xml).toContain('time="0.002000"');
  });
});
