import { expect, test } from "vitest";
import { findFolders, readFolders, readPage, withTable } from "../../scripts/builtin-page.ts";
import { loadDeclared } from "../../src/rego/builtins/declarations.fixture.ts";

test("the page lists every builtin of OPA, where it runs, and OPA's cases", async () => {
  const declared = await loadDeclared();
  const names = declared.declarations.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(200);
  const page = readPage();
  const folders = (await findFolders(names)) ?? readFolders(page);
  expect(page, "`npm run builtin-page` writes it anew").toBe(withTable(page, declared, folders));
});
