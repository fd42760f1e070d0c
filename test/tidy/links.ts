/** @module Links between pages: every relative link and anchor resolves, and every page named exists. */

import { posix } from "node:path";
import type { TextFile } from "./tracked-files.ts";

const linkForms = [
  /\]\((?<target>[^)\s]+)(?:\s+"[^"]*")?\)/g,
  /^\[[^\]]+\]:\s+(?<target>\S+)/gm,
  /\b(?:href|src)="(?<target>[^"]+)"/g,
];

/** Targets of the links of a Markdown page, code left out. */
export function findLinks(text: string): readonly string[] {
  const prose = withoutFences(text).replace(/`[^`\n]*`/g, "");
  return linkForms.flatMap((form) =>
    [...prose.matchAll(form)].map(({ groups }) => groups?.["target"] ?? ""),
  );
}

function withoutFences(text: string): string {
  return text.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, "");
}

/** Anchors of a page: its headings as GitHub writes them, and explicit ids. */
export function listAnchors(text: string): readonly string[] {
  const headings = [...withoutFences(text).matchAll(/^#{1,6}\s+(?<title>.+)$/gm)];
  const slugs = headings.map(({ groups }) => slugOf(groups?.["title"] ?? ""));
  const ids = [...text.matchAll(/\bid="(?<id>[^"]+)"/g)].map(({ groups }) => groups?.["id"] ?? "");
  const numbered = slugs.map((slug, index) => {
    const earlier = slugs.slice(0, index).filter((other) => other === slug).length;
    return earlier === 0 ? slug : `${slug}-${earlier}`;
  });
  return [...numbered, ...ids];
}

function slugOf(title: string): string {
  const plain = title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

/** Links of `page` that lead nowhere. `pages` are all Markdown files, `paths` all files. */
export function checkLinks(
  page: TextFile,
  pages: readonly TextFile[],
  paths: readonly string[],
): readonly string[] {
  return findLinks(page.text)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .filter((target) => !resolves(target, page, pages, paths))
    .map((target) => `${page.path}: \`${target}\` leads nowhere`);
}

function resolves(
  target: string,
  page: TextFile,
  pages: readonly TextFile[],
  paths: readonly string[],
): boolean {
  const [relative = "", anchor] = target.split("#");
  const path =
    relative === "" ? page.path : posix.join(posix.dirname(page.path), decodeURI(relative));
  const folder = path.endsWith("/") ? path : `${path}/`;
  const exists = paths.includes(path) || paths.some((other) => other.startsWith(folder));
  if (!exists || anchor === undefined) return exists;
  const linked = pages.find((other) => other.path === path);
  return linked !== undefined && listAnchors(linked.text).includes(anchor);
}

/** Pages of `docs/` that a file names in a comment or a message and that do not exist. */
export function checkNamedPages(file: TextFile, paths: readonly string[]): readonly string[] {
  const named = file.text.match(/\bdocs\/[a-z0-9/-]+\.md\b/g) ?? [];
  return [...new Set(named)]
    .filter((path) => !paths.includes(path))
    .map((path) => `${file.path}: \`${path}\` does not exist`);
}
