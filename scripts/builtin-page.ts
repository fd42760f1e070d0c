/** @module `npm run builtin-page`: writes the table of `docs/rego-builtins.md`. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasGo, opaModule, runGo } from "../rego/toolchain/go-command.ts";
import {
  type Declaration,
  type Declared,
  loadDeclared,
} from "../src/rego/builtins/declarations.fixture.ts";
import { shortBuiltinNames } from "../src/rego/builtins/find-builtin.ts";
import { refusedBuiltins } from "../src/rego/capabilities.ts";

const pageFile = new URL("../docs/rego-builtins.md", import.meta.url);

/** Everything after this line is generated. */
const mark = "| builtin | runs in | OPA's cases |\n| --- | --- | --- |\n";

/** OPA's case folders of builtins that are written as operators. */
const operatorFolders: Readonly<Record<string, string>> = {
  and: "intersection",
  assign: "assignments",
  div: "arithmetic",
  eq: "eqexpr",
  equal: "comparisonexpr",
  gt: "comparisonexpr",
  gte: "comparisonexpr",
  lt: "comparisonexpr",
  lte: "comparisonexpr",
  minus: "arithmetic",
  mul: "arithmetic",
  neq: "comparisonexpr",
  or: "union",
  plus: "arithmetic",
  rem: "arithmetic",
};

const foldersMax = 3;

/** Folders of OPA's cases by the builtin they call, those that call it most first. */
export type CaseFolders = ReadonlyMap<string, readonly string[]>;

export function readPage(): string {
  return readFileSync(pageFile, "utf8");
}

/** `page` with its table made anew. */
export function withTable(page: string, declared: Declared, folders: CaseFolders): string {
  const end = page.indexOf(mark);
  if (end === -1) throw new Error("docs/rego-builtins.md lacks the head of its table");
  const rows = declared.declarations
    .filter(({ name }) => !name.startsWith("internal."))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((declaration) => {
      const { name } = declaration;
      const cases = (folders.get(name) ?? []).map((folder) => `\`${folder}\``).join(", ");
      return `| \`${name}\` | ${placeOf(declaration, declared.hostCalls)} | ${cases} |\n`;
    });
  return `${page.slice(0, end)}${mark}${rows.join("")}`;
}

function placeOf({ name, deprecated }: Declaration, hostCalls: ReadonlySet<string>): string {
  const refusal = refusedBuiltins[name];
  if (refusal !== undefined) return `refused: ${refusal}`;
  if (deprecated) return "not in Rego v1";
  if (name === "print") return "the host";
  if (shortBuiltinNames.includes(name)) return name === "sprintf" ? "TypeScript, Go" : "TypeScript";
  return hostCalls.has(name) ? "Go" : "WebAssembly";
}

/** From the page itself, for a machine without OPA's sources. */
export function readFolders(page: string): CaseFolders {
  const rows = page.matchAll(/^\| `([^`]+)` \| [^|]* \| (.*) \|$/gm);
  return new Map(
    [...rows].map(([, name = "", cases = ""]) => [
      name,
      [...cases.matchAll(/`([^`]+)`/g)].map(([, folder = ""]) => folder),
    ]),
  );
}

/** From OPA's case files; undefined where there is no Go, or OPA's module is not at hand. */
export async function findFolders(names: readonly string[]): Promise<CaseFolders | undefined> {
  if (!(await hasGo())) return undefined;
  const listed = await runGo(["list", "-m", "-f", "{{.Dir}}", opaModule]);
  const root = join(listed.trim(), "v1/test/cases/testdata/v1");
  if (listed.trim() === "" || !existsSync(root)) return undefined;
  const texts = readdirSync(root).map((folder) => ({ folder, text: readFolder(root, folder) }));
  return new Map(
    names.map((name) => {
      const operator = operatorFolders[name];
      if (operator !== undefined) return [name, [operator]];
      const call = new RegExp(`(?<![\\w.])${name.replaceAll(".", "\\.")}\\(`, "g");
      const calls = texts
        .map(({ folder, text }) => ({ folder, count: text.match(call)?.length ?? 0 }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count || (a.folder < b.folder ? -1 : 1));
      return [name, calls.slice(0, foldersMax).map(({ folder }) => folder)];
    }),
  );
}

function readFolder(root: string, folder: string): string {
  const paths = readdirSync(join(root, folder)).filter((path) => path.endsWith(".yaml"));
  return paths.map((path) => readFileSync(join(root, folder, path), "utf8")).join("\n");
}

if (import.meta.main) {
  const declared = await loadDeclared();
  const folders = await findFolders(declared.declarations.map(({ name }) => name));
  if (folders === undefined) throw new Error("the table needs Go, and OPA's module");
  writeFileSync(pageFile, withTable(readPage(), declared, folders));
}
