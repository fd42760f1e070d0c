/** @module What speaks against going back, and before which steps a human has to hear of it. */

import type { NormalisedInput } from "../normalise.ts";
import type { ChosenFlag } from "./flag-choice.ts";
import type { MigrationCourse } from "./migration-course.ts";
import type { ReleasedService } from "./released-service.ts";
import type { Concerns } from "./reservation.ts";
import { draftChanges } from "./service-steps.ts";

export interface Risks {
  /** By service: lines a human has to agree to before it goes back. */
  readonly asks: ReadonlyMap<string, readonly string[]>;
  /** Services whose going back may lose something for ever. */
  readonly finals: ReadonlySet<string>;
  /** What is not about one service alone. */
  readonly beforeAll: readonly string[];
  /** Whether anything but a migration may lose data. */
  readonly isDataDoubted: boolean;
}

export interface RiskInput {
  readonly input: NormalisedInput;
  readonly scope: ReadonlyMap<string, ReleasedService>;
  readonly courses: readonly MigrationCourse[];
  readonly flags: readonly ChosenFlag[];
  readonly concerns: Concerns;
}

export function weighRisks(given: RiskInput): Risks {
  const { input, scope, courses, concerns } = given;
  // A flag and a migration go back without their service: a human is asked before everything else.
  const changing = new Set(
    [...scope.values()]
      .filter((member) => draftChanges(member, false).length > 0)
      .map(({ service }) => service),
  );
  const asks = new Map<string, string[]>();
  const beforeAll = [...concerns.all, ...listStrayed(given, changing)];
  const isDoubted = beforeAll.length > 0;
  const ask = (service: string, line: string) => {
    if (changing.has(service)) asks.set(service, [...(asks.get(service) ?? []), line]);
    else beforeAll.push(line);
  };
  for (const { course, index, concerned, asks: own } of courses) {
    if (course === "down") continue;
    for (const line of [...own, ...(concerns.migrations.get(index) ?? [])]) {
      for (const service of concerned) ask(service, line);
    }
  }
  const unreadable = describeUnreadable(given);
  if (unreadable !== undefined) ask(input.release.service, unreadable);
  return {
    asks,
    finals: isDoubted ? changing : new Set(asks.keys()),
    beforeAll: [...new Set(beforeAll)],
    isDataDoubted: isDoubted || unreadable !== undefined || doubtsData(given, changing),
  };
}

/** Reservations about something that no step touches: they may be about anything. */
function listStrayed(given: RiskInput, changing: ReadonlySet<string>): string[] {
  const { input, scope, courses, flags, concerns } = given;
  const { queues = [], caches = [], compensations = [] } = input.data_integrity ?? {};
  const isTouched = {
    migrations: (index: number) => courses.some((one) => one.index === index),
    flags: (index: number) => flags.some((one) => one.index === index),
    queues: (index: number) => changing.has(queues[index]?.service ?? ""),
    caches: (index: number) =>
      scope.has(caches[index]?.service ?? "") && caches[index]?.readable_by_stable !== true,
    compensations: (index: number) => isCompensated(compensations[index]?.service, given),
  };
  return (Object.keys(isTouched) as (keyof typeof isTouched)[]).flatMap((part) =>
    [...concerns[part]].flatMap(([index, lines]) => (isTouched[part](index) ? [] : lines)),
  );
}

/** What a service that stays has done is not put right: it goes on doing it. */
export function isCompensated(
  service: string | undefined,
  { input, scope }: Pick<RiskInput, "input" | "scope">,
): boolean {
  if (service === undefined) return false;
  const stays = input.release.components?.some((one) => one.service === service) === true;
  return scope.has(service) || !stays;
}

function describeUnreadable({ input, scope }: RiskInput): string | undefined {
  const { release, data_integrity: integrity } = input;
  if ((integrity?.unreadable_by_stable ?? 0) === 0) return undefined;
  const version = scope.get(release.service)?.target.version ?? "what it goes back to";
  return `rows that ${release.candidate.version} has written cannot be read by ${version}`;
}

/** Queues that would be read by what cannot, and reservations about anything but migrations. */
function doubtsData({ input, concerns }: RiskInput, changing: ReadonlySet<string>): boolean {
  const { queues = [] } = input.data_integrity ?? {};
  return (
    concerns.queues.size + concerns.caches.size + concerns.compensations.size > 0 ||
    queues.some((one) => one.readable_by_stable === false && changing.has(one.service))
  );
}
