/** @module Reading a pack, and Belay's own Rego library, from a folder. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BelayError } from "../base/errors.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import { packLimits } from "./pack.ts";

const wanted = /\.(rego|ya?ml|json)$/;

/**
 * All Rego, YAML and JSON files below `directory`, hidden ones and links left out.
 * @throws BelayError `file-unreadable`, `input-too-large`
 */
export function readPackDirectory(directory: string): readonly SourceFile[] {
  const files: SourceFile[] = [];
  let bytes = 0;
  for (const path of listFiles(directory)) {
    const text = readSourceFile(join(directory, path));
    bytes += text.length;
    if (files.length >= packLimits.filesMax || bytes > packLimits.bytesMax) {
      throw new BelayError(
        "input-too-large",
        `the pack \`${directory}\` has more than ${packLimits.filesMax} files or ${packLimits.bytesMax} characters`,
      );
    }
    files.push({ path, text });
  }
  return files;
}

/**
 * The pack that `folder` lies in, as a path from the working directory; undefined where it is in none.
 * Its policies mean nothing without its settings and the library.
 */
export function findPackAround(folder: string): string | undefined {
  let directory = resolve(folder);
  while (directory !== dirname(directory)) {
    directory = dirname(directory);
    if (existsSync(join(directory, "pack.yaml"))) return relative("", directory) || ".";
  }
  return undefined;
}

/**
 * One file as text.
 * @throws BelayError `file-unreadable`, also where it is not UTF-8
 */
export function readSourceFile(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "is not UTF-8" : "cannot be read";
    throw new BelayError("file-unreadable", `the file \`${path}\` ${reason}`, { cause });
  }
}

function listFiles(directory: string): readonly string[] {
  try {
    return listBelow(directory, "").toSorted();
  } catch (cause) {
    throw new BelayError("file-unreadable", `the folder \`${directory}\` cannot be read`, {
      cause,
    });
  }
}

/** Node's own recursive listing would follow links to folders. */
function listBelow(directory: string, prefix: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) return listBelow(join(directory, entry.name), `${path}/`);
      return entry.isFile() && wanted.test(entry.name) ? [path] : [];
    });
}

const libraryDirectory = fileURLToPath(new URL("../../rego/belay", import.meta.url));

/** Belay's Rego library without its tests, under the paths it has in every bundle (`belay/…`). */
export function readLibrary(): readonly SourceFile[] {
  return readPackDirectory(libraryDirectory)
    .filter((file) => file.path.endsWith(".rego") && !file.path.endsWith("_test.rego"))
    .map((file) => ({ path: `belay/${file.path}`, text: file.text }));
}
