/**
 * @module A case's query as an entrypoint. Most queries ask for one document (`data.a.b = x`), which
 * is an entrypoint as it stands. Any other becomes the body of a rule of a module of its own, whose
 * elements are the bindings of each solution.
 */

import type { SourceFile } from "../../src/rego/toolchain/toolchain.ts";
import { RegoObject, RegoSet, type RegoValue } from "../../src/rego/value.ts";
import type { OpaCase } from "./opa-cases.ts";

export interface CaseQuestion {
  readonly files: readonly SourceFile[];
  readonly entrypoint: string;
  /** The solutions that the entrypoint's document stands for. */
  readonly solutionsOf: (document: RegoValue | undefined) => readonly RegoValue[];
}

const oneDocument = /^data((?:\.[A-Za-z_]\w*)+) = (?!input$)([A-Za-z_]\w*)$/;

const wrapper = "conformance_query";

/** Undefined where the query does not ask for one document. */
export function askDirectly({ query, modules }: OpaCase): CaseQuestion | undefined {
  const [, path, variable = ""] = oneDocument.exec(query) ?? [];
  if (path === undefined) return undefined;
  return {
    files: filesOf(modules),
    entrypoint: path.slice(1).replaceAll(".", "/"),
    solutionsOf: (document) =>
      document === undefined ? [] : [new RegoObject([[variable, document]])],
  };
}

export function askInRule(opaCase: OpaCase): CaseQuestion {
  const rule = `solutions contains ${bindingsOf(opaCase)} if {\n\t${opaCase.query}\n}`;
  return askWrapped(opaCase, "solutions", rule);
}

/** As a test of a policy, which OPA compiles without strict mode. */
export function askInTest(opaCase: OpaCase): CaseQuestion {
  const rule = `test_solutions := {${bindingsOf(opaCase)} |\n\t${opaCase.query}\n}`;
  return askWrapped(opaCase, "test_solutions", rule);
}

function askWrapped({ modules }: OpaCase, name: string, rule: string): CaseQuestion {
  const text = `package ${wrapper}\n\n${rule}\n`;
  return {
    files: [...filesOf(modules), { path: `${wrapper}_test.rego`, text }],
    entrypoint: `${wrapper}/${name}`,
    solutionsOf: (document) => (document instanceof RegoSet ? document.elements : []),
  };
}

function filesOf(modules: readonly string[]): readonly SourceFile[] {
  return modules.map((text, at) => ({ path: `test-${at}.rego`, text }));
}

/** The variables of the solutions that a case wants are the query's own. */
function bindingsOf({ want }: OpaCase): string {
  const names = want.solutions?.[0]?.entries.map(([key]) => key as string) ?? [];
  return `{${names.map((name) => `"${name}": ${name}`).join(", ")}}`;
}
