/**
 * @module What becomes of each migration when services go back: it is left, it is taken down, or it
 * stays and stands in the way.
 */

import type { NormalisedInput } from "../normalise.ts";
import type { ReleasedService } from "./released-service.ts";
import { isInRange, type RangeAnswer } from "./version-range.ts";

export type Migration = NonNullable<NormalisedInput["migrations"]>[number];

export interface MigrationCourse {
  readonly migration: Migration;
  /** Its place in the request. */
  readonly index: number;
  /** Whose release brought it. */
  readonly service: string;
  /** Services that go back and use the store: its own and its readers. */
  readonly concerned: readonly string[];
  readonly course: "leave" | "down" | "stay";
  /** Whether the version that `service` goes back to can use the store as it is now. */
  readonly fits: RangeAnswer;
  /**
   * True for what took something away (a contract): whoever goes back needs it again, so that it is
   * taken down before them. Else it is taken down when they all are back and nobody needs it any more.
   */
  readonly downFirst: boolean;
  /** Whether taking it down may lose what was written since. */
  readonly isLossy: boolean;
  /** Why a human is asked; empty where going back is known to be safe. */
  readonly asks: readonly string[];
}

export interface CourseInput {
  readonly migrations: readonly Migration[];
  /** The release's own service: whose migration it is where none is named. */
  readonly service: string;
  readonly scope: ReadonlyMap<string, ReleasedService>;
  readonly released: ReadonlyMap<string, ReleasedService>;
}

/** Those that have begun and concern what goes back, last applied first: the order of going down. */
export function plotMigrations(input: CourseInput): MigrationCourse[] {
  return input.migrations
    .flatMap((migration, index) => {
      if (migration.state === "pending") return [];
      const course = plotMigration(migration, index, input);
      return course.concerned.length === 0 ? [] : [course];
    })
    .sort((one, other) => appliedAt(other) - appliedAt(one) || other.index - one.index);
}

/** Without a time: as if now, so that what ran last or still runs comes first. */
function appliedAt({ migration }: MigrationCourse): number {
  return migration.applied_at_ms ?? Number.MAX_SAFE_INTEGER;
}

function plotMigration(
  migration: Migration,
  index: number,
  { service: ownService, scope, released }: CourseInput,
): MigrationCourse {
  const service = migration.service ?? ownService;
  const readers = migration.readers ?? [service];
  const concerned = [...new Set([service, ...readers])].filter((name) => scope.has(name));
  const member = scope.get(service);
  const fits = fitsTarget(migration, member);
  const isAlone = member?.strategy === "database";
  // Only a flag is turned off, and the versions stay: nobody goes back to the old schema.
  const staysInUse = concerned.every((name) => scope.get(name)?.strategy === "flag");
  const plot = (course: MigrationCourse["course"], isLossy: boolean, ...asks: string[]) => ({
    migration,
    index,
    service,
    concerned,
    course,
    fits,
    downFirst: migration.phase === "contract",
    isLossy,
    asks,
  });
  const { id, state, phase, reversible = "unknown" } = migration;
  const about = `migration ${id} is ${state}; reversible: ${reversible}`;
  if (state !== "applied") return plot("stay", true, about);
  if (phase === "expand" && fits === "yes" && !isAlone) return plot("leave", false);
  if (reversible === "yes" && staysInUse) return plot("leave", false);
  const isWorthALoss = reversible === "lossy" && (fits === "no" || isAlone);
  if (reversible !== "yes" && !isWorthALoss) return plot("stay", true, about);
  const remaining = readers.filter((reader) => released.has(reader) && !scope.has(reader));
  if (remaining.length > 0 && phase !== "contract") {
    const names = remaining.join(", ");
    return plot("stay", true, `migration ${id} is ${state} and has to stay for ${names}`);
  }
  return reversible === "yes" ? plot("down", false) : plot("down", true, about);
}

/** A flag and a migration go back without the version of their service: that stays in use. */
function fitsTarget(
  { app_min: min, app_max: max }: Migration,
  member: ReleasedService | undefined,
): RangeAnswer {
  const keepsVersion = member?.strategy === "flag" || member?.strategy === "database";
  if (member === undefined || keepsVersion) return "unknown";
  return isInRange(member.target.version, min, max);
}

export interface DataLoss {
  readonly data_loss: "none" | "bounded" | "unknown";
  /** Seconds of data at most that are lost; only where that is known. */
  readonly rpo_s?: number;
}

/**
 * `none` where no migration may lose anything; `bounded` where each that may, because of what it is
 * or because a policy doubts it, has a backup. Without `courses` nothing is known.
 */
export function boundDataLoss(
  courses: readonly MigrationCourse[] | undefined,
  doubted: ReadonlySet<number>,
): DataLoss {
  if (courses === undefined) return { data_loss: "unknown" };
  const losing = courses
    .filter(({ isLossy, index }) => isLossy || doubted.has(index))
    .map(({ migration }) => migration);
  if (losing.length === 0) return { data_loss: "none", rpo_s: 0 };
  const points = losing.map(findRecoveryPoint);
  return points.every((point) => point !== undefined)
    ? { data_loss: "bounded", rpo_s: Math.max(...points) }
    : { data_loss: "unknown" };
}

/**
 * `rpo_s` of a migration whose backup keeps it: verified, beyond change, and taken before the
 * migration was applied, by no more than that. Where any of it is not said, nothing is promised.
 */
function findRecoveryPoint(migration: Migration): number | undefined {
  const { backup, rpo_s: rpoS, applied_at_ms: appliedAtMs, state } = migration;
  if (state !== "applied" || rpoS === undefined || appliedAtMs === undefined) return undefined;
  if (backup?.verified !== true || backup.immutable !== true || backup.at_ms === undefined) {
    return undefined;
  }
  const ageMs = appliedAtMs - backup.at_ms;
  return ageMs >= 0 && ageMs <= rpoS * 1_000 ? rpoS : undefined;
}
