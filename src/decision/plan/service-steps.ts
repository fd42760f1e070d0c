/** @module What changes when one service goes back, by its strategy, and around its queues and caches. */

import type { NormalisedInput } from "../normalise.ts";
import { nameOf, type ReleasedService } from "./released-service.ts";
import type { Concerns } from "./reservation.ts";
import { draftStep, final, type StepDraft } from "./step-draft.ts";

/**
 * The changes in order: traffic, artifact, settings. None where a flag or a migration is all that was
 * released. `isFinal`: it may lose something for ever.
 */
export function draftChanges(member: ReleasedService, isFinal: boolean): StepDraft[] {
  const { service, strategy, configDiff, from } = member;
  const to = nameOf(member.target);
  if (strategy === "flag" || strategy === "database" || to === undefined) return [];
  const move = { ...(from === undefined ? {} : { from }), to };
  // What the release made of a setting, and what it was: the other way around.
  const config = configDiff.map(({ key, from: was, to: made }) => ({
    key,
    ...(made === undefined ? {} : { from: made }),
    ...(was === undefined ? {} : { to: was }),
  }));
  const settings = config.length === 0 ? {} : { config };
  const loss = isFinal ? final : {};
  if (strategy === "config") {
    return [draftStep("config_revert", service, { ...move, ...settings, ...loss })];
  }
  const shifts = strategy === "canary" || strategy === "bluegreen";
  return [
    ...(shifts ? [draftStep("traffic_shift", service, move)] : []),
    draftStep("artifact_revert", service, { ...move, ...loss }),
    ...(config.length === 0 ? [] : [draftStep("config_revert", service, settings)]),
  ];
}

export interface QueueSteps {
  readonly pause: StepDraft;
  readonly resume: StepDraft;
  /** Lines a human has to agree to before the consumer goes back. */
  readonly asks: readonly string[];
}

/** The queues that `service` consumes: still while it changes. */
export function listQueues(
  { data_integrity: integrity }: NormalisedInput,
  service: string,
  concerns: Concerns,
): QueueSteps[] {
  return (integrity?.queues ?? []).flatMap((queue, index) => {
    if (queue.service !== service) return [];
    const asks = [
      ...(queue.readable_by_stable === false
        ? [`queue ${queue.id} may hold what the version that ${service} goes back to cannot read`]
        : []),
      ...(concerns.queues.get(index) ?? []),
    ];
    const loss = asks.length > 0 ? final : {};
    return [
      {
        pause: draftStep("queue_pause", service, { queue: queue.id }),
        resume: draftStep("queue_resume", service, { queue: queue.id, ...loss }),
        asks,
      },
    ];
  });
}

/** The caches of `service` that are not known to be readable by what it goes back to. */
export function listCaches(
  { data_integrity: integrity }: NormalisedInput,
  service: string,
  concerns: Concerns,
): { draft: StepDraft; asks: readonly string[] }[] {
  return (integrity?.caches ?? []).flatMap((cache, index) => {
    if (cache.service !== service || cache.readable_by_stable === true) return [];
    const asks = concerns.caches.get(index) ?? [];
    const loss = asks.length > 0 ? final : {};
    return [{ draft: draftStep("cache_invalidate", service, { cache: cache.id, ...loss }), asks }];
  });
}
