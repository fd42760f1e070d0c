/** @module What goes back, in which order, and what speaks against it: a plan before it has holds. */

import type { Advice } from "../answer.ts";
import type { NormalisedInput } from "../normalise.ts";
import { type ChosenFlag, chooseFlags } from "./flag-choice.ts";
import { type BadState, findBadStates } from "./hazards.ts";
import { layOut } from "./layout.ts";
import { boundDataLoss, type DataLoss, plotMigrations } from "./migration-course.ts";
import { listReleased, nameOf, type ReleasedService } from "./released-service.ts";
import { type Reservation, sortReservations } from "./reservation.ts";
import { weighRisks } from "./risk.ts";
import { createScope, type Scope } from "./scope.ts";
import type { SequencedStep } from "./sequence.ts";
import { orderServices, type ServiceOrder } from "./service-order.ts";
import { createSuccessCriteria } from "./success-criteria.ts";

/** What the policies say about going back. */
export interface Counsel {
  /** Going back could hurt. */
  readonly unsafe: readonly Reservation[];
  /** A human has to take part, whatever is done. */
  readonly onHold: readonly string[];
  readonly advice: readonly Advice[];
}

export interface Route {
  readonly scope: Scope;
  readonly order: ServiceOrder;
  readonly steps: readonly SequencedStep[];
  readonly badStates: readonly BadState[];
  readonly dataLoss: DataLoss;
  /** Lines a human has to agree to before anything starts. */
  readonly beforeAll: readonly string[];
}

/** Undefined where the release's own service has nothing that could go back. */
export function findRoute(input: NormalisedInput, { unsafe, advice }: Counsel): Route | undefined {
  const { release, topology = {}, migrations } = input;
  const edges = topology.edges ?? [];
  const released = listReleased(input, advice);
  const switchable = chooseFlags(input, advice);
  const scope = createScope({
    service: release.service,
    released,
    edges,
    advice,
    hasWayBack: (member) => hasWayBack(member, switchable, input),
  });
  const { services } = scope;
  const courses = plotMigrations({
    migrations: migrations ?? [],
    service: release.service,
    scope: services,
    released,
  });
  const flags = switchable.filter((flag) => isWithin(flag, services, advice));
  const concerns = sortReservations(unsafe);
  const risks = weighRisks({ input, scope: services, courses, flags, concerns });
  const { asks, finals } = risks;
  const order = orderServices({
    services: [...services.keys()],
    edges,
    deployOrder: topology.deploy_order ?? [],
    asking: new Set(asks.keys()),
  });
  const criteria = createSuccessCriteria(input);
  const steps = layOut({
    input,
    scope: services,
    order,
    flags,
    courses,
    concerns,
    asks,
    finals,
    criteria,
  });
  if (steps.length === 0) return undefined;
  const isUnknown = risks.isDataDoubted || migrations === undefined;
  return {
    scope,
    order,
    steps,
    badStates: findBadStates({ steps, edges, released, scope: services, courses }),
    dataLoss: boundDataLoss(isUnknown ? undefined : courses, new Set(concerns.migrations.keys())),
    beforeAll: [...scope.stranded, ...risks.beforeAll],
  };
}

function hasWayBack(
  { service, strategy, target }: ReleasedService,
  flags: readonly ChosenFlag[],
  { migrations = [], release }: NormalisedInput,
): boolean {
  if (strategy === "flag") return flags.some((flag) => flag.service === service);
  if (strategy !== "database") return nameOf(target) !== undefined;
  return migrations.some((one) => (one.service ?? release.service) === service);
}

/** A flag of what stays is left alone, unless a policy wants it off. */
function isWithin(
  { service, draft }: ChosenFlag,
  services: ReadonlyMap<string, unknown>,
  advice: readonly Advice[],
): boolean {
  return (
    services.has(service) ||
    advice.some((item) => item.act === "flag_off" && item.flag === draft.flag)
  );
}
