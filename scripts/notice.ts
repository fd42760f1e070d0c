/** @module `npm run notice`: writes the Go modules inside what is built from Go into `NOTICE`. */

import { readFileSync, writeFileSync } from "node:fs";

interface ModuleNotice {
  readonly module: string;
  readonly version: string;
  readonly licence: string;
  readonly documents: readonly { readonly path: string; readonly text?: string }[];
}

const noticeFile = new URL("../NOTICE", import.meta.url);
const modulesFiles = [
  new URL("../rego/builtins/module-notices.json", import.meta.url),
  new URL("../rego/toolchain/module-notices.json", import.meta.url),
];

/** Everything after this line is generated. */
const mark = "where it is not the text of LICENSE, and belong to every copy of the two.\n";

/** `notice` with its list of modules made anew. */
export function withModules(notice: string, modules: readonly ModuleNotice[]): string {
  const end = notice.indexOf(mark);
  if (end === -1) throw new Error("NOTICE lacks the sentence that its list of modules follows");
  return `${notice.slice(0, end)}${mark}\n${modules.map(formatModule).join("\n")}\n`;
}

/** Copyright lines of the licences; a notice of the authors, which Apache-2.0 asks for, in full. */
function formatModule({ module, version, licence, documents }: ModuleNotice): string {
  const lines = documents.flatMap(({ path, text = "" }) => {
    const all = text.split("\n").map((line) => line.trim());
    return /(^|\/)NOTICE[^/]*$/i.test(path)
      ? all.filter((line) => line !== "")
      : all.filter((line) => /^Copyright\s+(\(c\)|\d)/i.test(line));
  });
  const name = module === "std" ? "Go standard library" : module;
  return [`${name} ${version} (${licence})`, ...new Set(lines.map((line) => `  ${line}`))].join(
    "\n",
  );
}

/** Every module of every list, once, with all its documents. */
export function readModules(): readonly ModuleNotice[] {
  const modules = new Map<string, ModuleNotice>();
  for (const file of modulesFiles) {
    for (const module of JSON.parse(readFileSync(file, "utf8")) as readonly ModuleNotice[]) {
      const name = `${module.module} ${module.version}`;
      const documents = [...(modules.get(name)?.documents ?? []), ...module.documents];
      const byPath = new Map(documents.map((document) => [document.path, document]));
      modules.set(name, { ...module, documents: [...byPath.values()] });
    }
  }
  return [...modules.keys()].sort().map((name) => modules.get(name) as ModuleNotice);
}

if (import.meta.main) {
  writeFileSync(noticeFile, withModules(readFileSync(noticeFile, "utf8"), readModules()));
}
