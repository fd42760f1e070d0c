import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkImports, findImports } from "./imports.ts";
import { layerTable } from "./layer-table.ts";
import { readTrackedFiles, root } from "./tracked-files.ts";

const sources = readTrackedFiles(/^src\/.*\.ts$/);
const importCount = sources.reduce((sum, file) => sum + findImports(file.text).length, 0);

function check(path: string, text: string): readonly string[] {
  return checkImports({ path, text });
}

describe("import directions", () => {
  test(`${importCount} imports in ${sources.length} files follow the layer table`, () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(importCount).toBeGreaterThan(0);
    expect(sources.flatMap(checkImports)).toEqual([]);
  });

  test(`${Object.keys(layerTable).length} layers stand in docs/architecture.md as they are`, () => {
    const page = readFileSync(`${root}docs/architecture.md`, "utf8");
    const rows = [...page.matchAll(/^\| `([a-z]+)` *\|(.*?)\|(.*?)\|(.*?)\|.*\|$/gm)];
    const list = (cell = "") =>
      cell
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean);
    const stated = rows.map(([, name, imports, typeImports, pure]) => [
      name,
      { imports: list(imports), typeImports: list(typeImports), pure: pure?.trim() === "yes" },
    ]);
    const typesBesides = Object.entries(layerTable).map(([name, layer]) => [
      name,
      {
        ...layer,
        typeImports: layer.typeImports.filter((other) => !layer.imports.includes(other)),
      },
    ]);
    expect(stated).toEqual(typesBesides);
  });

  test("no two layers may import one another", () => {
    const pairs = Object.entries(layerTable).flatMap(([name, layer]) =>
      layer.imports.map((other) => [name, other] as const),
    );
    const mutual = pairs.filter(([name, other]) => layerTable[other]?.imports.includes(name));
    expect(mutual).toEqual([]);
  });

  test.each([
    ["src/base/a.ts", 'import { b } from "../log/b.ts";', "base may not import log"],
    ["src/decision/x/a.ts", 'import type { B } from "../../rego/b.ts";', "decision may not"],
    ["src/rego/a.ts", 'export * from "../bundle/b.ts";', "rego may not import bundle"],
    ["src/log/a.ts", 'const b = await import("../store/b.ts");', "log may not import store"],
    ["src/gates/a.ts", 'import "../http/b.ts";', "gates may not import http"],
    ["src/http/a.ts", 'import {\n  b,\n} from "../store/b.ts";', "only types from store"],
    ["src/http/a.ts", 'import { type A, b } from "../log/b.ts";', "only types from log"],
    ["src/service/a.ts", 'import { s } from "../store/sqlite/s.ts";', "compose.ts picks"],
    ["src/rego/a.ts", 'import { w } from "./toolchain/wasi-w.ts";', "compose.ts picks"],
    ["src/cli/a.ts", 'import { x } from "../../test/x.ts";', "leaves `src`"],
    ["src/service/a.ts", 'import { DatabaseSync } from "node:sqlite";', "enters through store"],
    ["src/decision/a.ts", 'import { Hono } from "hono/tiny";', "enters through http"],
    ["src/odds/a.ts", "", "`odds` is no layer"],
    ["src/odds.ts", "", "`odds` is no layer"],
  ])("refuses in %s: %s", (path, text, reason) => {
    expect(check(path, text).join()).toContain(reason);
  });

  test.each([
    ["src/http/a.ts", 'import type { B } from "../store/b.ts";'],
    ["src/http/a.ts", 'import { type B, type C } from "../store/b.ts";'],
    ["src/store/sqlite/a.ts", 'import { b } from "./b.ts";'],
    ["src/store/sqlite/a.ts", 'import { b } from "../record-store.ts";'],
    ["src/compose.ts", 'import { s } from "./store/sqlite/s.ts";'],
    ["src/service/a.test.ts", 'import { compose } from "../compose.ts";'],
    ["src/bundle/a.test.ts", 'import { w } from "../rego/toolchain/wasi-w.ts";'],
    ["src/decision/a.ts", '// import { b } from "../rego/b.ts";'],
  ])("accepts in %s: %s", (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
