/**
 * @module What is done in which order: flags, then what would undo the rollback behind its back, then
 * service by service traffic before artifacts before settings, migrations when nobody needs them any
 * more, caches and queues after the data, compensations last.
 */

import type { NormalisedInput } from "../normalise.ts";
import type { ChosenFlag } from "./flag-choice.ts";
import type { MigrationCourse } from "./migration-course.ts";
import type { SuccessCriterion } from "./plan-schema.ts";
import { nameOf, type ReleasedService } from "./released-service.ts";
import type { Concerns } from "./reservation.ts";
import { isCompensated } from "./risk.ts";
import { Sequence, type SequencedStep } from "./sequence.ts";
import type { ServiceOrder } from "./service-order.ts";
import { draftChanges, listCaches, listQueues } from "./service-steps.ts";
import { draftStep, final } from "./step-draft.ts";

export interface LayoutInput {
  readonly input: NormalisedInput;
  readonly scope: ReadonlyMap<string, ReleasedService>;
  readonly order: ServiceOrder;
  readonly flags: readonly ChosenFlag[];
  readonly courses: readonly MigrationCourse[];
  readonly concerns: Concerns;
  /** By service: lines a human has to agree to before it goes back. */
  readonly asks: ReadonlyMap<string, readonly string[]>;
  /** Services whose going back may lose something for ever. */
  readonly finals: ReadonlySet<string>;
  readonly criteria: SuccessCriterion[];
}

/** State of a layout while it grows. */
interface Layout extends LayoutInput {
  readonly sequence: Sequence;
  /** What every service waits for: the last of the flags, and the pin. */
  ready: readonly number[];
  /** By service that is back: the places that say so. */
  readonly backAt: Map<string, readonly number[]>;
  /** By index of a migration that is down: the place that says so. */
  readonly downAt: Map<number, number>;
  /** By store: the place of its last change. */
  readonly storeAt: Map<string, number>;
  /** Services whose caches and queues are still to be seen to. */
  readonly open: Set<string>;
}

/** Empty where there is nothing that the release's own service could go back by. */
export function layOut(given: LayoutInput): readonly SequencedStep[] {
  const layout: Layout = {
    ...given,
    sequence: new Sequence(),
    ready: [],
    backAt: new Map(),
    downAt: new Map(),
    storeAt: new Map(),
    open: new Set(given.order.services),
  };
  const own = given.input.release.service;
  turnFlagsOff(layout);
  pin(layout);
  for (const name of given.order.services) {
    const member = given.scope.get(name);
    if (member !== undefined) takeBack(layout, member);
    takeDownUnneeded(layout);
    closeServices(layout);
  }
  const { sequence } = layout;
  if (!sequence.steps.some(({ draft }) => isWayBack(draft.action) && draft.service === own)) {
    return [];
  }
  compensate(layout);
  return endWithAll(layout);
}

/** The last step waits for all others and looks at everything: whether the rollback worked. */
function endWithAll({ sequence, criteria, input, scope }: Layout): readonly SequencedStep[] {
  const { service } = input.release;
  const [end, ...others] = sequence.ends();
  const last = end === undefined ? undefined : sequence.steps[end];
  const isOwn = scope.size === 1 || last?.draft.service === service;
  if (last === undefined || others.length > 0 || !isOwn) {
    sequence.verify(service, criteria, sequence.ends(), { onFailure: "escalate" });
    return sequence.steps;
  }
  const whole = new Sequence();
  const { start } = last;
  whole.verify(last.draft.service, criteria, last.after, { start, onFailure: "escalate" });
  return [...sequence.steps.slice(0, -1), ...whole.steps];
}

const waysBack = new Set(["flag_off", "artifact_revert", "config_revert", "migration_down"]);

function isWayBack(action: string): boolean {
  return waysBack.has(action);
}

/** Of one service where it has any; a step of a plan for one service looks at all there is. */
function criteriaFor({ criteria, scope }: Layout, service: string): SuccessCriterion[] {
  if (scope.size === 1) return criteria;
  const own = criteria.filter((criterion) => criterion.service === service);
  return own.length > 0 ? own : criteria;
}

/** One after the other: where one of them helps, the others may stay on. */
function turnFlagsOff(layout: Layout): void {
  const { sequence, concerns, flags } = layout;
  const asked = flags.map((flag) => ({
    ...flag,
    asks: [...flag.asks, ...(concerns.flags.get(flag.index) ?? [])],
  }));
  const free = asked.filter(({ asks }) => asks.length === 0);
  for (const { draft, service, asks } of [...free, ...asked.filter((one) => !free.includes(one))]) {
    const place = sequence.add(draft, layout.ready, { asks });
    layout.ready = [sequence.verify(service, criteriaFor(layout, service), [place])];
  }
}

/** Keeps what synchronises from Git from bringing the candidate back. */
function pin(layout: Layout): void {
  const { gitops } = layout.input.environment ?? {};
  const own = layout.scope.get(layout.input.release.service);
  const to = own === undefined ? undefined : nameOf(own.target);
  if (gitops === undefined || to === undefined || own === undefined) return;
  if (own.strategy === "flag" || own.strategy === "database") return;
  const { auto_sync: isSynchronised, desired_digest: desired } = gitops;
  const mayReapply =
    isSynchronised === true || (isSynchronised === undefined && desired !== undefined);
  if (!mayReapply || (desired !== undefined && desired === own.target.digest)) return;
  const from = desired ?? own.from;
  const draft = draftStep("gitops_pin", own.service, {
    ...(from === undefined ? {} : { from }),
    to,
  });
  layout.ready = [layout.sequence.add(draft, layout.ready)];
}

function takeBack(layout: Layout, member: ReleasedService): void {
  const { sequence, order, input, concerns } = layout;
  const { service } = member;
  const restored = layout.courses
    .filter(({ course, downFirst }) => course === "down" && downFirst)
    .filter(({ concerned }) => concerned.includes(service))
    .map((one) => takeDown(layout, one, layout.ready));
  const before = [...(order.predecessors.get(service) ?? [])].flatMap(
    (name) => layout.backAt.get(name) ?? [],
  );
  let last = [...before, ...restored];
  if (last.length === 0) last = [...layout.ready];
  // Where it is no more than a flag or a migration, nothing of the service itself changes.
  const changes = draftChanges(member, layout.finals.has(service));
  let asks = layout.asks.get(service) ?? [];
  const start = sequence.steps.length;
  for (const queue of changes.length === 0 ? [] : listQueues(input, service, concerns)) {
    last = [sequence.add(queue.pause, last, { asks: [...asks, ...queue.asks], start })];
    asks = [];
  }
  for (const [index, draft] of changes.entries()) {
    const flips = index === 0 ? { flips: service } : {};
    const place = sequence.add(draft, last, { asks, start, ...flips });
    last = [sequence.verify(service, criteriaFor(layout, service), [place], { start })];
    asks = [];
  }
  layout.backAt.set(service, last);
}

/** The migrations that nobody who is back needs any more. */
function takeDownUnneeded(layout: Layout): void {
  for (const one of layout.courses) {
    if (one.course !== "down" || one.downFirst || layout.downAt.has(one.index)) continue;
    if (!one.concerned.every((name) => layout.backAt.has(name))) continue;
    const after = one.concerned.flatMap((name) => layout.backAt.get(name) ?? []);
    takeDown(layout, one, after.length > 0 ? after : layout.ready);
  }
}

/** Returns the place that says that it is down. */
function takeDown(layout: Layout, one: MigrationCourse, after: readonly number[]): number {
  const { sequence, concerns, downAt, storeAt } = layout;
  const { migration, index, service, isLossy } = one;
  const known = downAt.get(index);
  if (known !== undefined) return known;
  const store = migration.store ?? service;
  const previous = storeAt.get(store);
  const asks = [...one.asks, ...(concerns.migrations.get(index) ?? [])];
  const draft = draftStep("migration_down", service, {
    migration: migration.id,
    ...(isLossy || asks.length > 0 ? final : {}),
  });
  const place = sequence.add(draft, previous === undefined ? after : [...after, previous], {
    asks,
    takesDown: index,
  });
  const end = sequence.verify(service, criteriaFor(layout, service), [place], {
    onFailure: "halt",
  });
  storeAt.set(store, end);
  downAt.set(index, end);
  return end;
}

/** Caches and queues of services whose data is what it was. */
function closeServices(layout: Layout): void {
  const { sequence, input, concerns, courses, downAt, backAt, open } = layout;
  for (const service of open) {
    const back = backAt.get(service);
    const downs = courses.filter((one) => one.course === "down" && one.concerned.includes(service));
    if (back === undefined || !downs.every(({ index }) => downAt.has(index))) continue;
    open.delete(service);
    let last = [...back, ...downs.flatMap(({ index }) => downAt.get(index) ?? [])];
    const isPaused = sequence.steps.some(
      ({ draft }) => draft.action === "queue_pause" && draft.service === service,
    );
    const resumed = isPaused ? listQueues(input, service, concerns) : [];
    const closing = [
      ...listCaches(input, service, concerns),
      ...resumed.map(({ resume }) => ({ draft: resume, asks: [] })),
    ];
    for (const { draft, asks } of closing) {
      const place = sequence.add(draft, last, { asks });
      last = [sequence.verify(service, criteriaFor(layout, service), [place])];
    }
  }
}

/** When everything is back: what going back does not put right. */
function compensate(layout: Layout): void {
  const { sequence, input, concerns } = layout;
  const compensations = input.data_integrity?.compensations ?? [];
  for (const [index, { id, service, reversible }] of compensations.entries()) {
    if (!isCompensated(service, layout)) continue;
    const asks = [
      ...(reversible === true ? [] : [`compensation ${id} cannot be undone`]),
      ...(concerns.compensations.get(index) ?? []),
    ];
    const draft = draftStep("compensate", service, {
      compensation: id,
      ...(asks.length > 0 ? final : {}),
    });
    const place = sequence.add(draft, sequence.ends(), { asks });
    sequence.verify(service, criteriaFor(layout, service), [place]);
  }
}
