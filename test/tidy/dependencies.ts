/** @module What Belay depends on: locked, permissively licensed, without install scripts. */

import { findImports } from "./imports.ts";
import type { TextFile } from "./tracked-files.ts";

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

export interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Keys are paths such as `node_modules/a/node_modules/b`; the empty one is the project itself. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * Each package has a hash, none an address, scripts run at install are those that are named, and the
 * binaries of every platform are there: without them `npm ci` refuses the lock.
 */
export function checkLock(packages: LockedPackages, manifest: Manifest): readonly string[] {
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  const allowed = Object.keys(manifest.allowScripts);
  const withScript = entries
    .filter(([, locked]) => locked.hasInstallScript)
    .map(([path]) => nameOf(path));
  return [
    ...entries
      .filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))
      .map(([path]) => `${path} has no SHA-512 to check it by`),
    ...entries
      .filter(([, { resolved }]) => resolved !== undefined)
      .map(([path]) => `${path} names the registry it was fetched from`),
    ...entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !entries.some(([other]) => nameOf(other) === name))
        .map((name) => `${path} needs ${name}, which is not locked`),
    ),
    ...withScript
      .filter((name) => !allowed.includes(name))
      .map((name) => `${name} runs a script when it is installed`),
    ...allowed
      .filter((name) => !withScript.includes(name))
      .map((name) => `${name} is allowed a script and has none`),
  ];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Paths of the packages that a user's installation holds. */
export function listProductionPackages(packages: LockedPackages): readonly string[] {
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== "" && !dev)
    .map(([path]) => path);
}

const permissive: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
]);

/** Of `A OR B` one must be permissive, of `A AND B` both. */
export function isPermissive(licence: unknown): boolean {
  if (typeof licence !== "string") return false;
  const plain = licence.replace(/[()]/g, "");
  return plain
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => permissive.has(one)));
}

/** Packages that run-time sources import and that an installation without dev tools lacks. */
export function findUndeclared(files: readonly TextFile[], manifest: Manifest): readonly string[] {
  const declared = Object.keys(manifest.dependencies);
  return files.flatMap(({ path, text }) =>
    findImports(text)
      .filter(({ specifier, typeOnly }) => !typeOnly && !/^(\.|node:)/.test(specifier))
      .map(({ specifier }) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
      .filter((name) => !declared.includes(name))
      .map((name) => `${path}: \`${name}\` is not in \`dependencies\``),
  );
}
