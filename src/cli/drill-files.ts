/** @module The drills that are named on the command line: files, and folders of them. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import { BelayError } from "../base/errors.ts";
import { type Drill, parseDrill } from "../service/simulation/drill.ts";
import { count } from "./format/count.ts";

/**
 * All of them in order; of a folder the YAML files in it, by name.
 * @throws BelayError `file-unreadable`, `drill-invalid` with every place that is wrong
 */
export function readDrills(paths: readonly string[]): readonly Drill[] {
  const drills: Drill[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths.flatMap(listFiles)) {
    const parsed = parseDrill({ path, text: readText(path) });
    if (parsed.ok) drills.push(parsed.drill);
    else diagnostics.push(...parsed.diagnostics);
  }
  if (diagnostics.length > 0) {
    const problems = count(diagnostics.length, "problem");
    throw new BelayError("drill-invalid", `the drills have ${problems}`, {
      extra: { diagnostics },
    });
  }
  return drills;
}

function listFiles(path: string): readonly string[] {
  if (!isFolder(path)) return [path];
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  if (names.length > 0) return names.toSorted().map((name) => join(path, name));
  throw new BelayError("file-unreadable", `the folder \`${path}\` has no drill`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new BelayError("file-unreadable", `the file \`${path}\` cannot be read`, { cause });
  }
}
