/**
 * @module The states between the steps: after each, the versions of all services are held against
 * the contracts between them, and the schemas against the versions that can use them.
 */

import { breaksContract, type Edge, type Side, toleranceOf } from "./contract.ts";
import type { MigrationCourse } from "./migration-course.ts";
import type { ReleasedService } from "./released-service.ts";
import type { SequencedStep } from "./sequence.ts";

/** A bad state, by the places of the steps that begin and end it. */
export interface BadState {
  readonly from: number;
  /** Undefined: it lasts. */
  readonly until: number | undefined;
  readonly why: string;
}

export interface HazardInput {
  readonly steps: readonly SequencedStep[];
  readonly edges: readonly Edge[];
  readonly released: ReadonlyMap<string, ReleasedService>;
  readonly scope: ReadonlyMap<string, ReleasedService>;
  readonly courses: readonly MigrationCourse[];
}

/** In the order in which they begin. Every contract and every schema is looked at when it changes. */
export function findBadStates({ steps, edges, released, scope, courses }: HazardInput): BadState[] {
  const flippedAt = new Map<string, number>();
  const downAt = new Map<number, number>();
  for (const [place, { flips, takesDown }] of steps.entries()) {
    if (flips !== undefined) flippedAt.set(flips, place);
    if (takesDown !== undefined) downAt.set(takesDown, place);
  }
  const found = [
    ...edges.flatMap((edge) => checkEdge(edge, flippedAt, released, scope)),
    ...courses.flatMap((course) => checkSchema(course, flippedAt, downAt, scope)),
  ];
  return found.sort((one, other) => one.from - other.from);
}

function checkEdge(
  edge: Edge,
  flippedAt: ReadonlyMap<string, number>,
  released: HazardInput["released"],
  scope: HazardInput["scope"],
): BadState[] {
  const places = [edge.from, edge.to].flatMap((end) => flippedAt.get(end) ?? []);
  const first = Math.min(...places);
  // With both ends back, or none, the versions are ones that ran together.
  if (places.length === 0 || edge.from === edge.to) return [];
  const sideOf = (end: string): Side => {
    if (flippedAt.get(end) === first) return "old";
    return released.has(end) ? "new" : "unchanged";
  };
  if (!breaksContract(edge, sideOf(edge.from), sideOf(edge.to))) return [];
  const describe = (end: string) => describeVersion(end, sideOf(end), released, scope);
  const until = places.length === 2 ? Math.max(...places) : undefined;
  const why = `${describe(edge.from)} calls ${describe(edge.to)}, and ${describeCompat(edge)}`;
  return [{ from: first, until, why }];
}

function describeCompat(edge: Edge): string {
  const { contract } = edge;
  const compat = toleranceOf(edge);
  const name = contract === undefined ? "their contract" : `contract ${contract}`;
  if (compat === "none") return `${name} holds for no mix of old and new`;
  return compat === "forward"
    ? `${name} does not hold for an old caller and a new called`
    : `${name} does not hold for a new caller and an old called`;
}

function describeVersion(
  service: string,
  side: Side,
  released: HazardInput["released"],
  scope: HazardInput["scope"],
): string {
  const member = scope.get(service) ?? released.get(service);
  const version = side === "old" ? (member?.target.version ?? member?.target.digest) : member?.from;
  return version === undefined ? service : `${service} at ${version}`;
}

function checkSchema(
  { migration, index, service, fits }: MigrationCourse,
  flippedAt: ReadonlyMap<string, number>,
  downAt: ReadonlyMap<number, number>,
  scope: HazardInput["scope"],
): BadState[] {
  const from = flippedAt.get(service);
  const until = downAt.get(index);
  if (from === undefined || fits !== "no" || (until !== undefined && until < from)) return [];
  const { id, app_min: min, app_max: max } = migration;
  const range = [
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(max === undefined ? [] : [`up to ${max}`]),
  ].join(" ");
  const version = scope.get(service)?.target.version ?? "";
  const why = `${service} at ${version} meets the schema of migration ${id}, which is for versions ${range}`;
  return [{ from, until, why }];
}
