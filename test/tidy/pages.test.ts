import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorCatalogue } from "../../src/base/errors.ts";
import { checkChangelog, checkGlossary, checkProblemPage, listSections } from "./pages.ts";
import { root } from "./tracked-files.ts";

/** Words of the domain that no page or name may use in a second meaning. */
const words = [
  "bundle",
  "case",
  "channel",
  "decision",
  "derived evidence",
  "entry",
  "finding",
  "gate",
  "pack",
  "plan",
  "policy",
  "request",
  "revision",
  "signal",
  "snapshot",
  "verdict",
];

const codes = Object.keys(errorCatalogue);
const problems = readFileSync(`${root}docs/problems.md`, "utf8");
const glossary = readFileSync(`${root}docs/glossary.md`, "utf8");
const changelog = readFileSync(`${root}CHANGELOG.md`, "utf8");

test(`${codes.length} error codes and the sections of docs/problems.md are the same`, () => {
  expect(codes.length).toBeGreaterThan(0);
  expect(checkProblemPage(problems, codes)).toEqual([]);
});

test(`${listSections(glossary, 3).length} words stand in the glossary once, in order`, () => {
  expect(checkGlossary(glossary, words)).toEqual([]);
});

test(`${listSections(changelog, 2).length} sections of the changelog have its form`, () => {
  expect(checkChangelog(changelog)).toEqual([]);
});

describe("the rules can fail", () => {
  const section = (title: string) => `## ${title}\n\nIt means this.\n\n**What to do.** That.\n`;

  test("problem codes", () => {
    expect(checkProblemPage(`# P\n\n${section("`a`")}\n${section("b")}`, ["a", "b"])).toEqual([]);
    expect(checkProblemPage(section("a"), ["a", "b"])).toEqual(["`b` is not explained"]);
    expect(checkProblemPage(section("a"), [])).toEqual(["`a` is no code"]);
    expect(checkProblemPage("## a\n\nIt means this.\n", ["a"])).toHaveLength(1);
  });

  test("glossary", () => {
    expect(checkGlossary("### a\n\nx\n\n### b\n\ny\n", ["a"])).toEqual([]);
    expect(checkGlossary("### b\n\nx\n\n### a\n\ny\n", [])).toEqual(["`a` is out of order"]);
    expect(checkGlossary("### a\n\nx\n\n### a\n\ny\n", [])).toEqual(["`a` stands twice"]);
    expect(checkGlossary("### a\n\n### b\n\ny\n", [])).toEqual(["`a` says nothing"]);
    expect(checkGlossary("", ["a"])).toEqual(["`a` is missing"]);
  });

  test("changelog", () => {
    const start = "# Changelog\n\n## Unreleased\n\n- a\n  more of a\n";
    expect(checkChangelog(`${start}\n## 1.1.0 (2026-02-01)\n\n- b\n`)).toEqual([]);
    expect(checkChangelog("# Changelog\n")).toHaveLength(1);
    expect(checkChangelog("## 1.0.0 (2026-01-01)\n\n- a\n")).toHaveLength(1);
    expect(checkChangelog(`${start}\n## 1.0.0\n\n- b\n`)).toHaveLength(1);
    expect(checkChangelog(`${start}\n## 1.0.0 (2026-01-01)\n\nprose\n`)).toHaveLength(1);
    expect(
      checkChangelog(`${start}\n## 1.0.0 (2026-01-01)\n\n- b\n\n## 1.1.0 (2026-02-01)\n\n- c\n`),
    ).toHaveLength(1);
  });
});
