/** @module The files of the checkout as git sees them: tracked ones and new ones not ignored. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface TextFile {
  /** Relative to the root, forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Paths relative to the root, sorted. A file deleted in the working tree is left out. */
export function listTrackedFiles(): readonly string[] {
  const listing = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const paths = listing.split("\0").filter((path) => path !== "" && existsSync(root + path));
  return [...new Set(paths)].sort();
}

/** The tracked files whose path fits `pattern`, with their text. */
export function readTrackedFiles(pattern: RegExp): readonly TextFile[] {
  return listTrackedFiles()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(root + path, "utf8") }));
}
