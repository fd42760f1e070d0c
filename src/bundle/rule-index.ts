/**
 * @module The index of rules: which finding code is stated where. It is made from the sources when a
 * bundle is built and travels in its manifest, so that a reason can name rule, file and line.
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { RuleLocation } from "../decision/rule-location.ts";
import type { InspectedRule, Inspection } from "../rego/toolchain/toolchain.ts";
import { isTestModule } from "./pack.ts";

const policyPackage = /^data\.belay\.policies\.([a-z][a-z0-9_]{0,62})$/;

export interface RuleIndex {
  readonly rules: readonly RuleLocation[];
  /** Names of the policies, sorted. */
  readonly policies: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Indexes the rules named `finding` of the packages under `belay.policies`. */
export function indexRules(inspection: Inspection): RuleIndex {
  const rules: RuleLocation[] = [];
  const diagnostics: Diagnostic[] = [];
  const stated = new Map<string, InspectedRule>();
  const policies = new Set<string>();

  for (const rule of inspection.rules) {
    const policy = policyPackage.exec(rule.package)?.[1];
    if (policy === undefined || rule.name !== "finding") continue;
    policies.add(policy);
    if (rule.codes.length === 0) {
      diagnostics.push(complain(rule, "a finding needs its `code` as a literal in the rule"));
    }
    for (const code of rule.codes) {
      const earlier = stated.get(`${policy}/${code}`);
      if (earlier !== undefined && earlier !== rule) {
        diagnostics.push(
          complain(rule, `code ${code} is stated at ${earlier.file}:${earlier.row} already`),
        );
        continue;
      }
      stated.set(`${policy}/${code}`, rule);
      const title = rule.annotations?.["title"];
      rules.push({
        policy,
        code,
        rule: `${rule.package}.${rule.name}`,
        file: rule.file,
        row: rule.row,
        ...(typeof title === "string" ? { title } : {}),
      });
    }
  }
  for (const { path, file } of inspection.packages) {
    const name = path.replace(/^data\./, "");
    const policy = policyPackage.exec(path)?.[1];
    const message = isReserved(path)
      ? `package ${name} is the library's; policies lie under belay.policies`
      : policy !== undefined && !policies.has(policy) && !isTestModule({ path: file })
        ? `package ${name} states no finding, so it would be in force and never say anything`
        : undefined;
    if (message !== undefined)
      diagnostics.push({ code: "pack_error", message, file, row: 1, col: 1 });
  }
  rules.sort((a, b) => compare(a.policy, b.policy) || compare(a.code, b.code));
  return { rules, policies: [...policies].sort(), diagnostics };
}

/** A pack may state packages under `belay.policies`, or outside `belay` altogether. */
function isReserved(packagePath: string): boolean {
  return /^data\.belay(\.|$)/.test(packagePath) && !packagePath.startsWith("data.belay.policies.");
}

function complain(rule: InspectedRule, message: string): Diagnostic {
  return { code: "pack_error", message, file: rule.file, row: rule.row, col: rule.col };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
