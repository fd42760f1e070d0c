/**
 * @module What the request left out although it could have made the plan more careful. A plan that
 * asks nobody because nobody said anything says so.
 */

import type { NormalisedInput } from "../normalise.ts";
import type { Edge } from "./contract.ts";

const ofRequest: readonly (readonly string[])[] = [
  ["release", "strategy"],
  ["release", "components"],
  ["release", "stable", "version"],
  ["topology", "edges"],
  ["topology", "deploy_order"],
  ["flags"],
  ["migrations"],
  ["data_integrity", "unreadable_by_stable"],
  ["data_integrity", "queues"],
  ["data_integrity", "caches"],
  ["data_integrity", "compensations"],
];
const ofFlag = ["kill_switch", "covers_release", "service", "guards_migration"];
const ofMigration = ["phase", "reversible", "service", "readers", "app_min", "app_max"];

/**
 * JSON Pointers, in the order of the request. `touched`: the services that go back; of other edges
 * nothing is asked.
 */
export function listAbsent(input: NormalisedInput, touched: ReadonlySet<string>): string[] {
  const { components = [] } = input.release;
  const touches = ({ from, to }: Edge) => touched.has(from) || touched.has(to);
  return [
    ...ofRequest.filter((path) => !hasMember(input, path)).map((path) => `/${path.join("/")}`),
    ...components.flatMap((component, index) => [
      ...missing(component, ["strategy"], `/release/components/${index}`),
      ...missing(component.stable ?? {}, ["version"], `/release/components/${index}/stable`),
    ]),
    ...(input.topology?.edges ?? []).flatMap((edge, index) =>
      touches(edge) ? missing(edge, ["compat"], `/topology/edges/${index}`) : [],
    ),
    ...(input.flags ?? []).flatMap((flag, index) => missing(flag, ofFlag, `/flags/${index}`)),
    ...(input.migrations ?? []).flatMap((migration, index) =>
      migration.state === "pending" ? [] : missing(migration, ofMigration, `/migrations/${index}`),
    ),
    ...(input.data_integrity?.queues ?? []).flatMap((queue, index) =>
      missing(queue, ["readable_by_stable"], `/data_integrity/queues/${index}`),
    ),
  ];
}

function missing(member: object, keys: readonly string[], place: string): string[] {
  return keys.filter((key) => !Object.hasOwn(member, key)).map((key) => `${place}/${key}`);
}

function hasMember(input: object, path: readonly string[]): boolean {
  let current: unknown = input;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
      return false;
    }
    current = (current as Record<string, unknown>)[key];
  }
  return true;
}
