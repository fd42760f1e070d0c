import { describe, expect, test } from "vitest";
import { checkLinks, checkNamedPages, findLinks, listAnchors } from "./links.ts";
import { listTrackedFiles, readTrackedFiles } from "./tracked-files.ts";

const paths = listTrackedFiles();
const pages = readTrackedFiles(/\.md$/);
const linkCount = pages.reduce((sum, page) => sum + findLinks(page.text).length, 0);
const sources = readTrackedFiles(/^(?!test\/tidy\/).*\.(ts|rego|go|ya?ml|json)$/);

test(`${linkCount} links in ${pages.length} pages lead somewhere`, () => {
  expect(linkCount).toBeGreaterThan(0);
  expect(pages.flatMap((page) => checkLinks(page, pages, paths))).toEqual([]);
});

test(`${sources.length} sources name only pages that exist`, () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.flatMap((file) => checkNamedPages(file, paths))).toEqual([]);
});

describe("the rules can fail", () => {
  const other = { path: "docs/other.md", text: '# Other\n\n## What `it` is: a "test"\n' };
  const known = ["README.md", "docs/page.md", "docs/other.md", "src/base/a.ts"];

  function check(text: string): readonly string[] {
    const page = { path: "docs/page.md", text };
    return checkLinks(page, [page, other], known);
  }

  test.each([
    "[a](missing.md)",
    "[a](other.md#missing)",
    "[a](#missing)",
    "[a](../src/base/a.ts#L1)",
    "[a]: missing.md",
    '<img src="missing.png">',
    "[a](other.md) and [b](missing.md)",
  ])("refuses %s", (text) => {
    expect(check(text)).toHaveLength(1);
  });

  test.each([
    "[a](other.md)",
    "[a](other.md#what-it-is-a-test)",
    "# A b\n[a](#a-b)",
    "# A\n# A\n[a](#a-1)",
    "[a](../README.md) [b](../src/base/a.ts) [c](../src/base/) [d](../src)",
    "[a](https://example.org/missing.md)",
    "```\n[a](missing.md)\n```",
    "`[a](missing.md)`",
  ])("accepts %s", (text) => {
    expect(check(text)).toEqual([]);
  });

  test("a named page must exist", () => {
    const file = { path: "src/a.ts", text: "// see docs/other.md and docs/gone.md" };
    expect(checkNamedPages(file, known)).toEqual(["src/a.ts: `docs/gone.md` does not exist"]);
  });

  test("a heading in a code block is no anchor", () => {
    expect(listAnchors("# One\n```sh\n# two\n```\n")).toEqual(["one"]);
  });
});
