/**
 * @module The order in which services go back: the reverse of how they were deployed, as far as that
 * is known, and so that contracts hold on the way.
 */

import { breaksContract, type Edge, findFirstToGoBack, type Side } from "./contract.ts";

export interface ServiceOrder {
  readonly services: readonly string[];
  /** By service: those before it that it has to wait for. */
  readonly predecessors: ReadonlyMap<string, ReadonlySet<string>>;
  /** Groups whose members each have to go before the other. */
  readonly cycles: readonly (readonly string[])[];
}

export interface OrderInput {
  /** In the order of the request. */
  readonly services: readonly string[];
  readonly edges: readonly Edge[];
  /** First deployed first; may name only some of the services, and others. */
  readonly deployOrder: readonly string[];
  /** Those that wait for a human: what is safe goes before them where the order lets it. */
  readonly asking: ReadonlySet<string>;
}

type Graph = Map<string, Set<string>>;

/**
 * Contracts that only hold one way come before the order of deployment; that before callers going
 * back before the called, which were there first. Within a cycle only the contracts count, and where
 * they contradict each other, the order of the request.
 */
export function orderServices(input: OrderInput): ServiceOrder {
  const preferred = listPreferred(input);
  const { strict, all } = drawGraphs(input);
  const groups = findGroups(preferred, all);
  const groupOf = new Map(groups.flatMap((group) => group.map((name) => [name, group] as const)));
  const cycles = groups.filter((group) => group.length > 1);
  // Inside a cycle the lesser wishes are given up; between cycles everything still counts.
  const waits = new Map(
    preferred.map((name) => {
      const own = groupOf.get(name);
      const before = [...(all.get(name) ?? [])].filter(
        (other) => groupOf.get(other) !== own || strict.get(name)?.has(other) === true,
      );
      return [name, new Set(before)] as const;
    }),
  );
  const services = takeInOrder(preferred, waits, groupOf, input);
  return { services, predecessors: listPredecessors(services, input.edges, all), cycles };
}

/** Last deployed first; then the others, as the request names them. */
function listPreferred({ services, deployOrder }: OrderInput): string[] {
  const known = new Set(services);
  const listed = new Set(deployOrder.filter((name) => known.has(name)));
  return [...[...listed].reverse(), ...services.filter((name) => !listed.has(name))];
}

/** Arcs run from a service to those that have to be back before it. */
function drawGraphs({ services, edges, deployOrder }: OrderInput): { strict: Graph; all: Graph } {
  const strict: Graph = new Map(services.map((name) => [name, new Set()]));
  const all: Graph = new Map(services.map((name) => [name, new Set()]));
  const listed = [...new Set(deployOrder)].filter((name) => all.has(name));
  for (const [index, name] of listed.entries()) {
    const later = listed[index + 1];
    if (later !== undefined && later !== name) all.get(name)?.add(later);
  }
  const ranked = new Set(listed);
  for (const edge of edges) {
    if (edge.from === edge.to || !all.has(edge.from) || !all.has(edge.to)) continue;
    const demanded = findFirstToGoBack(edge);
    const isRanked = ranked.has(edge.from) && ranked.has(edge.to);
    if (demanded === undefined && isRanked) continue;
    const first = demanded ?? edge.from;
    const second = first === edge.from ? edge.to : edge.from;
    all.get(second)?.add(first);
    if (demanded !== undefined) strict.get(second)?.add(first);
  }
  return { strict, all };
}

/** Strongly connected components (Tarjan, 1972), members in the order of `names`. */
function findGroups(names: readonly string[], graph: Graph): string[][] {
  const places = new Map<string, { index: number; low: number; open: boolean }>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const rank = new Map(names.map((name, index) => [name, index]));
  const visit = (name: string) => {
    const place = { index: places.size, low: places.size, open: true };
    places.set(name, place);
    stack.push(name);
    for (const next of graph.get(name) ?? []) {
      const known = places.get(next);
      if (known === undefined) place.low = Math.min(place.low, visit(next).low);
      else if (known.open) place.low = Math.min(place.low, known.index);
    }
    if (place.low === place.index) {
      const group = stack.splice(stack.indexOf(name));
      for (const member of group) (places.get(member) ?? place).open = false;
      groups.push(group.sort((one, other) => (rank.get(one) ?? 0) - (rank.get(other) ?? 0)));
    }
    return place;
  };
  for (const name of names) if (!places.has(name)) visit(name);
  return groups;
}

/** One after the other: those that end a bad state first, those that wait for a human last. */
function takeInOrder(
  preferred: readonly string[],
  waits: ReadonlyMap<string, ReadonlySet<string>>,
  groupOf: ReadonlyMap<string, readonly string[]>,
  { edges, asking }: OrderInput,
): string[] {
  const rank = new Map(preferred.map((name, index) => [name, index]));
  const left = new Set(preferred);
  const taken: string[] = [];
  const urgent = new Set<string>();
  const isFree = (name: string, counts: (other: string) => boolean) =>
    ![...(waits.get(name) ?? [])].some((other) => left.has(other) && counts(other));
  while (left.size > 0) {
    const ready = [...left].filter((name) => isFree(name, () => true));
    // Contracts that contradict each other: the first of a cycle that waits for nothing else.
    const stuck = [...left].filter((name) =>
      isFree(name, (other) => groupOf.get(other) !== groupOf.get(name)),
    );
    const weigh = (name: string) =>
      (urgent.has(name) ? 0 : 2e6) + (asking.has(name) ? 1e6 : 0) + (rank.get(name) ?? 0);
    const next = (ready.length > 0 ? ready : stuck).reduce((best, name) =>
      weigh(name) < weigh(best) ? name : best,
    );
    left.delete(next);
    taken.push(next);
    markUrgent(next, left, edges, urgent);
  }
  return taken;
}

/** Whoever is on the other end of a contract that is broken until it goes back too. */
function markUrgent(
  taken: string,
  left: ReadonlySet<string>,
  edges: readonly Edge[],
  urgent: Set<string>,
): void {
  const sideOf = (name: string): Side => (name === taken ? "old" : "new");
  for (const edge of edges) {
    const other = edge.from === taken ? edge.to : edge.from;
    if (edge.from !== taken && edge.to !== taken) continue;
    if (left.has(other) && breaksContract(edge, sideOf(edge.from), sideOf(edge.to))) {
      urgent.add(other);
    }
  }
}

/** Of every pair with something between them, the later waits for the earlier. */
function listPredecessors(
  services: readonly string[],
  edges: readonly Edge[],
  all: Graph,
): Map<string, Set<string>> {
  const rank = new Map(services.map((name, index) => [name, index]));
  const predecessors = new Map(services.map((name) => [name, new Set<string>()]));
  const relate = (one: string, other: string) => {
    const [first, second] = [rank.get(one), rank.get(other)];
    if (first === undefined || second === undefined || first === second) return;
    const [earlier, later] = first < second ? [one, other] : [other, one];
    predecessors.get(later)?.add(earlier);
  };
  for (const { from, to } of edges) relate(from, to);
  for (const [name, before] of all) for (const other of before) relate(name, other);
  return predecessors;
}
