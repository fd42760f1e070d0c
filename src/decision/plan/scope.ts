/**
 * @module What goes back together: the smallest set of released services that holds the release's own
 * and is closed under contracts that would break if only one side went back.
 */

import type { Advice } from "../answer.ts";
import type { Decision } from "../decision.ts";
import { breaksContract, type Edge } from "./contract.ts";
import type { ReleasedService } from "./released-service.ts";

export interface Scope {
  readonly services: ReadonlyMap<string, ReleasedService>;
  readonly excluded: readonly { readonly service: string; readonly why: string }[];
  /** What should go back and cannot: a human has to know before anything starts. */
  readonly stranded: readonly string[];
}

export interface ScopeInput {
  /** The release's own service: always part of the plan. */
  readonly service: string;
  readonly released: ReadonlyMap<string, ReleasedService>;
  readonly edges: readonly Edge[];
  readonly advice: readonly Advice[];
  /** Whether there is anything for a service to go back to. */
  readonly hasWayBack: (member: ReleasedService) => boolean;
}

/**
 * Where a policy includes services, its word decides; else the contracts do. What a policy excludes
 * stays in both cases. Whatever comes of that, the states on the way are looked at afterwards.
 */
export function createScope(input: ScopeInput): Scope {
  const { service, released, advice } = input;
  const why = { include: new Map<string, string>(), exclude: new Map<string, string>() };
  for (const item of advice) {
    if (item.act !== "include" && item.act !== "exclude") continue;
    const reasons = why[item.act];
    if (!reasons.has(item.service)) reasons.set(item.service, item.why);
  }
  const goesBack = (name: string, member: ReleasedService) =>
    name === service || (!why.exclude.has(name) && input.hasWayBack(member));
  const wanted =
    why.include.size > 0
      ? new Set([service, ...why.include.keys()])
      : closeOverContracts(input, goesBack);
  const services = new Map<string, ReleasedService>();
  const excluded = new Map<string, string>();
  const stranded: string[] = [];
  for (const name of new Set([...released.keys(), ...wanted])) {
    const member = released.get(name);
    const exclusion = name === service ? undefined : why.exclude.get(name);
    if (exclusion !== undefined) excluded.set(name, exclusion);
    else if (!wanted.has(name)) {
      excluded.set(name, "was released too, and no contract asks for it to go back");
    } else if (member !== undefined && goesBack(name, member)) services.set(name, member);
    else {
      excluded.set(name, "should go back too, and nothing is named for it to go back to");
      stranded.push(`${name} should go back too, and nothing is named for it to go back to`);
    }
  }
  for (const neighbour of listNeighbours(input.edges, services)) {
    if (!excluded.has(neighbour)) {
      excluded.set(neighbour, why.exclude.get(neighbour) ?? "was not released");
    }
  }
  return {
    services,
    excluded: [...excluded]
      .map(([name, reason]) => ({ service: name, why: reason }))
      .sort((one, other) => (one.service < other.service ? -1 : 1)),
    stranded,
  };
}

/** What stays, whatever the contracts ask, asks nothing of others itself. */
function closeOverContracts(
  { service, released, edges }: ScopeInput,
  goesBack: (name: string, member: ReleasedService) => boolean,
): Set<string> {
  const incident = new Map<string, Edge[]>();
  for (const edge of edges) {
    for (const end of [edge.from, edge.to]) {
      const list = incident.get(end);
      if (list === undefined) incident.set(end, [edge]);
      else list.push(edge);
    }
  }
  const closed = new Set([service]);
  // A set is walked in the order of its growth, what is added on the way included.
  for (const name of closed) {
    const member = released.get(name);
    if (member === undefined || !goesBack(name, member)) continue;
    for (const edge of incident.get(name) ?? []) {
      const isCaller = edge.from === name;
      const other = isCaller ? edge.to : edge.from;
      if (!released.has(other)) continue;
      const breaks = isCaller
        ? breaksContract(edge, "old", "new")
        : breaksContract(edge, "new", "old");
      if (breaks) closed.add(other);
    }
  }
  return closed;
}

function listNeighbours(
  edges: readonly Edge[],
  services: ReadonlyMap<string, unknown>,
): Set<string> {
  const neighbours = new Set<string>();
  for (const { from, to } of edges) {
    if (services.has(from) && !services.has(to)) neighbours.add(to);
    if (services.has(to) && !services.has(from)) neighbours.add(from);
  }
  return neighbours;
}

/** `fleet`: all that the topology names, and more than one. */
export function kindOf(
  services: ReadonlyMap<string, unknown>,
  nodes: readonly { readonly service: string }[],
): Decision["scope"]["kind"] {
  if (services.size === 1) return "single";
  return nodes.length > 1 && nodes.every(({ service }) => services.has(service))
    ? "fleet"
    : "group";
}
