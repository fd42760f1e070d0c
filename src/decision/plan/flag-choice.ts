/** @module Which flags are turned off, and which of them a human is asked about first. */

import type { Advice } from "../answer.ts";
import type { NormalisedInput } from "../normalise.ts";
import { draftStep, type StepDraft } from "./step-draft.ts";

type Flag = NonNullable<NormalisedInput["flags"]>[number];

export interface ChosenFlag {
  readonly draft: StepDraft;
  readonly service: string;
  /** Its place in the request. */
  readonly index: number;
  readonly asks: readonly string[];
}

/**
 * Every kill switch that covers the release, and what a policy wants off, unless it is off already or
 * cannot be reached: then something else has to go back.
 */
export function chooseFlags(input: NormalisedInput, advice: readonly Advice[]): ChosenFlag[] {
  const advised = new Set(advice.flatMap((item) => (item.act === "flag_off" ? [item.flag] : [])));
  return (input.flags ?? []).flatMap((flag, index) => {
    const covers = flag.kill_switch === true && flag.covers_release === true;
    if ((!covers && !advised.has(flag.key)) || flag.reachable === false || isOff(flag)) return [];
    const service = flag.service ?? input.release.service;
    const draft = draftStep("flag_off", service, {
      flag: flag.key,
      ...(flag.variant === undefined ? {} : { from: flag.variant }),
      ...(flag.safe_variant === undefined ? {} : { to: flag.safe_variant }),
    });
    return [{ draft, service, index, asks: askAboutGuard(flag, input) }];
  });
}

function isOff({ exposure_ratio, variant, safe_variant }: Flag): boolean {
  return exposure_ratio === 0 || (variant !== undefined && variant === safe_variant);
}

/** Without the flag the old shape is written again, where a migration may have taken it away. */
function askAboutGuard({ key, guards_migration: id }: Flag, input: NormalisedInput): string[] {
  if (id === undefined) return [];
  const migration = input.migrations?.find((one) => one.id === id);
  if (migration?.state === "pending" || migration?.phase === "expand") return [];
  return [`flag ${key} guards migration ${id}, which is ${migration?.state ?? "not described"}`];
}
