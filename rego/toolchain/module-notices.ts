/** @module Which Go modules are linked into an artefact, and under which licences. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { runGo, wasiTarget } from "./go-command.ts";
import { type Artefact, goVersion } from "./lock.ts";

export function moduleNoticesPath({ directory }: Artefact): string {
  return join(directory, "module-notices.json");
}

export interface ModuleNotice {
  readonly module: string;
  readonly version: string;
  /** SPDX licence expression. */
  readonly licence: string;
  /** Licences and notices that lie beside the packages that are linked, or above them. */
  readonly documents: readonly NoticeDocument[];
}

export interface NoticeDocument {
  /** Relative to the module. */
  readonly path: string;
  /** Left out for the plain text of the Apache License 2.0, which Belay has at its root. */
  readonly text?: string;
}

/** Sentences by which a licence is told. */
const licenceMarks: readonly (readonly [spdx: string, mark: RegExp])[] = [
  ["Apache-2.0", /Apache License,?\s+Version 2\.0/],
  ["BSD-3-Clause", /Redistribution and use[\s\S]*(Neither the name|names of its contributors)/],
  ["BSD-2-Clause", /Redistribution and use(?![\s\S]*(Neither the name|names of its contributors))/],
  ["ISC", /Permission to use, copy, modify, and(\/or)? distribute/],
  ["MIT", /Permission is hereby granted, free of charge/],
  ["MPL-2.0", /Mozilla Public License Version 2\.0/i],
];

const documentName = /^(LICEN[CS]E|COPYING|NOTICE)/i;

interface LinkedModule {
  readonly module: string;
  readonly version: string;
  readonly root: string;
  readonly directories: Set<string>;
}

/** Every module with a package in the artefact; `std` is the Go distribution. */
export async function listModules({ directory, flags }: Artefact): Promise<ModuleNotice[]> {
  const format =
    "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}";
  const tags = flags.filter((flag) => flag.startsWith("-tags="));
  const run = { directory, target: wasiTarget };
  const listed = await runGo(["list", "-deps", ...tags, "-f", format, "."], run);
  const root = (await runGo(["env", "GOROOT"])).trim();
  const modules = new Map<string, LinkedModule>([
    ["std", { module: "std", version: goVersion, root, directories: new Set([root]) }],
  ]);
  for (const line of listed.split("\n").filter((text) => text !== "")) {
    const [module = "", version = "", moduleRoot = "", packageAt = ""] = line.split("\t");
    const known = modules.get(module);
    const linked = known ?? { module, version, root: moduleRoot, directories: new Set<string>() };
    modules.set(module, linked);
    for (let at = packageAt; at.startsWith(moduleRoot); at = dirname(at))
      linked.directories.add(at);
  }
  return [...modules.keys()].sort().map((name) => readNotice(modules.get(name) as LinkedModule));
}

function readNotice({ module, version, root, directories }: LinkedModule): ModuleNotice {
  const found = [...directories].sort().flatMap((directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() && documentName.test(entry.name))
      .map((entry) => join(directory, entry.name))
      .sort()
      .map((path) => {
        const text = readFileSync(path, "utf8");
        return { path: relative(root, path), text, licences: findLicences(text) };
      }),
  );
  const licences = [...new Set(found.flatMap((document) => document.licences))].sort();
  if (licences.length === 0) throw new Error(`no known licence found for ${module} ${version}`);
  return {
    module,
    version,
    licence: licences.join(" AND "),
    documents: found.map(({ path, text, licences: own }) =>
      own.join() === "Apache-2.0" && text.includes("END OF TERMS AND CONDITIONS")
        ? { path }
        : { path, text },
    ),
  };
}

function findLicences(text: string): string[] {
  return licenceMarks.filter(([, mark]) => mark.test(text)).map(([spdx]) => spdx);
}
