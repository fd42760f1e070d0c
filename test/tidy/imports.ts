/** @module Checks imports of `src` against the layer table by reading the text, without a linter. */

import { posix } from "node:path";
import { implementations, layerTable, packageHomes, testImports } from "./layer-table.ts";
import type { TextFile } from "./tracked-files.ts";

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const statement =
  /^\s*(?:import|export)\s+(?<clause>[^;"']*?)\s*from\s*["'](?<from>[^"']+)["']|^\s*import\s*["'](?<bare>[^"']+)["']|\bimport\(\s*["'](?<dynamic>[^"']+)["']/gm;

/** Every static, re-exporting and dynamic import of a module. */
export function findImports(text: string): readonly Import[] {
  return [...text.matchAll(statement)].map(({ groups = {} }) => ({
    specifier: groups["from"] ?? groups["bare"] ?? groups["dynamic"] ?? "",
    typeOnly: isTypeOnly(groups["clause"] ?? ""),
  }));
}

function isTypeOnly(clause: string): boolean {
  if (/^type\b/.test(clause)) return true;
  const names = /^\{(?<names>[^}]*)\}$/.exec(clause)?.groups?.["names"]?.split(",") ?? [];
  const named = names.map((name) => name.trim()).filter((name) => name !== "");
  return named.length > 0 && named.every((name) => name.startsWith("type "));
}

/** What is wrong with the imports of one file of `src`; one sentence each. */
export function checkImports(file: TextFile): readonly string[] {
  const folder = findFolder(file.path);
  if (layerTable[folder] === undefined) return [`${file.path}: \`${folder}\` is no layer`];
  return findImports(file.text).flatMap((found) => {
    const reason = found.specifier.startsWith(".")
      ? refuseFile(file.path, found)
      : refusePackage(file.path, found);
    return reason === undefined ? [] : [`${file.path}: \`${found.specifier}\`: ${reason}`];
  });
}

/** The layer a path under `src/` belongs to: its first folder, or the name of a file at the top. */
function findFolder(path: string): string {
  return (path.split("/")[1] ?? "").replace(/(\.test)?\.ts$/, "");
}

function refuseFile(path: string, { specifier, typeOnly }: Import): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith("src/")) return isTest(path) ? undefined : "leaves `src`";
  const from = findFolder(path);
  const to = findFolder(target);
  const layer = layerTable[from];
  const allowed = [from, ...(layer?.imports ?? []), ...(isTest(path) ? testImports : [])];
  if (!allowed.includes(to)) {
    if (!layer?.typeImports.includes(to)) return `${from} may not import ${to}`;
    if (!typeOnly) return `${from} may import only types from ${to}`;
  }
  const isImplementation = implementations.some(({ folder, path: start }) =>
    target.startsWith(`src/${folder}/${start}`),
  );
  const isBeside = path.startsWith(`${posix.dirname(target)}/`);
  if (isImplementation && !isBeside && from !== "compose" && !isTest(path)) {
    return "only compose.ts picks implementations";
  }
  return undefined;
}

function refusePackage(path: string, { specifier }: Import): string | undefined {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const homes = packageHomes[name];
  const isAway = homes !== undefined && !homes.includes(findFolder(path)) && !isTest(path);
  return isAway ? `${name} enters through ${homes.join(", ")} alone` : undefined;
}

function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}
