/** @module The services of a release: what each runs, what it goes back to, and how it got there. */

import type { Advice } from "../answer.ts";
import type { NormalisedInput } from "../normalise.ts";

type Advised = Extract<Advice, { act: "target" }>;
type Component = NonNullable<NormalisedInput["release"]["components"]>[number];

/** A version, a digest, or both; nothing can go back to one that has neither. */
export type Target = { readonly version?: string; readonly digest?: string };

export interface ReleasedService {
  readonly service: string;
  /** Digest or version that runs now; undefined where only a policy knows of the service. */
  readonly from: string | undefined;
  readonly target: Target;
  readonly strategy: NormalisedInput["release"]["strategy"];
  readonly configDiff: NonNullable<Component["config_diff"]>;
}

/** What a step is told to go back to: the digest, which says exactly what, where there is one. */
export function nameOf(target: Target): string | undefined {
  return target.digest ?? target.version;
}

/**
 * By service: the release's own first, then its components, then what a policy includes with a
 * target of its own. A service named twice is taken as it is named first. Advice on a target goes
 * before the stable version.
 */
export function listReleased(
  input: NormalisedInput,
  advice: readonly Advice[],
): Map<string, ReleasedService> {
  const { components = [], ...release } = input.release;
  const released = new Map<string, ReleasedService>();
  for (const { service, candidate, stable, strategy, config_diff } of [release, ...components]) {
    if (released.has(service)) continue;
    released.set(service, {
      service,
      from: candidate.digest ?? candidate.version,
      target: findAdvisedTarget(service, advice) ?? targetOf(stable ?? {}),
      strategy,
      configDiff: config_diff ?? [],
    });
  }
  for (const item of advice) {
    if (item.act !== "include" || released.has(item.service)) continue;
    const target = findAdvisedTarget(item.service, advice);
    if (target === undefined) continue;
    const { service } = item;
    const node = input.topology?.nodes?.find((one) => one.service === service);
    released.set(service, {
      service,
      from: node?.version,
      target,
      strategy: undefined,
      configDiff: [],
    });
  }
  return released;
}

function findAdvisedTarget(service: string, advice: readonly Advice[]): Target | undefined {
  const item = advice.find((one) => one.act === "target" && one.service === service);
  return item?.act === "target" ? targetOf(item) : undefined;
}

function targetOf({ version, digest }: Pick<Advised, "version" | "digest">): Target {
  return {
    ...(version === undefined ? {} : { version }),
    ...(digest === undefined ? {} : { digest }),
  };
}
