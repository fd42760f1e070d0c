/**
 * @module Counterfactuals: the smallest change of one observed value that would have changed the
 * verdict. Each is found by asking the same rules again, and proved by their answer; where none is
 * found, none is claimed.
 */

import type { Verdict } from "../answer.ts";
import type { Decision, Reason, WouldFlip } from "../decision.ts";
import { type NormalisedInput, rederive } from "../normalise.ts";
import { findLevers, type Lever, moveLever } from "./lever.ts";

/**
 * Times that the rules are asked for one decision. A number and not a duration: what a decision says
 * must not depend on how busy the machine was.
 */
export const askedMax = 32;
/** Reasons, and values of each, that are tried. The first of a decision weigh the most. */
const reasonsMax = 3;
const leversMax = 3;
/** A count is found to this part of itself: more digits would be read and not used. */
const precision = 1 / 1_000;

/** The rules, to be asked again; undefined where they cannot be relied on. */
export interface Judge {
  /** What they said of the input itself: the host may have made a question of it. */
  readonly ruled: Verdict | undefined;
  /** The verdict of the rules alone, quickly: to search with. */
  readonly ask: (input: NormalisedInput) => Verdict | undefined;
  /** The verdict of the whole decision: what a claim rests on. */
  readonly prove: (input: NormalisedInput) => Verdict | undefined;
}

/**
 * What would have flipped the verdict, by the place of the reason in `decision.reasons`. An `allow`
 * has none: nothing in it stood against going on.
 */
export function findFlips(
  input: NormalisedInput,
  decision: Pick<Decision, "verdict" | "code" | "reasons">,
  { ruled, ask, prove }: Judge,
): ReadonlyMap<number, WouldFlip> {
  const flips = new Map<number, WouldFlip>();
  const isOpen = decision.verdict !== "allow" && decision.code !== "POLICY_ERROR";
  if (!isOpen || ruled === undefined) return flips;
  let left = askedMax;
  const tried = new Map<string, WouldFlip | undefined>();
  const askOnce = (lever: Lever, value: Lever["to"]): Verdict | undefined => {
    if (left <= 0) return undefined;
    left -= 1;
    return ask(rederive(moveLever(input, lever, value)));
  };
  for (const [index, reason] of findDeciding(decision.reasons)) {
    const found = findLevers(input, reason)
      .slice(0, leversMax)
      .map((lever) => {
        if (!tried.has(lever.path)) {
          const flip = tryLever(lever, ruled, askOnce);
          const proved = flip && prove(rederive(moveLever(input, lever, flip.to)));
          const isProved = proved !== undefined && proved !== decision.verdict;
          tried.set(lever.path, flip && isProved ? { ...flip, verdict: proved } : undefined);
        }
        return tried.get(lever.path);
      })
      .find((flip) => flip !== undefined);
    if (found !== undefined) flips.set(index, found);
  }
  return flips;
}

/** The counted reasons of the kind that comes first, since it is what the verdict rests on. */
function findDeciding(reasons: readonly Reason[]): (readonly [number, Reason])[] {
  const counted = [...reasons.entries()].filter(([, reason]) => reason.counted);
  const kind = counted[0]?.[1].kind;
  return counted.filter(([, reason]) => reason.kind === kind).slice(0, reasonsMax);
}

function tryLever(
  lever: Lever,
  verdict: Verdict,
  ask: (lever: Lever, value: Lever["to"]) => Verdict | undefined,
): WouldFlip | undefined {
  const { path, from, to } = lever;
  let flipped = ask(lever, to);
  if (flipped === undefined || flipped === verdict) return undefined;
  if (typeof from !== "number" || typeof to !== "number" || !lever.isWhole) {
    return { path, from, to, verdict: flipped };
  }
  // `far` changes the verdict and `near` does not; halve until nothing lies between that matters.
  let far = to;
  let near = from;
  while (Math.abs(near - far) > Math.max(1, Math.abs(from) * precision)) {
    const middle = Math.trunc((near + far) / 2);
    const said = ask(lever, middle);
    if (said === undefined) break;
    if (said === verdict) near = middle;
    else [far, flipped] = [middle, said];
  }
  return { path, from, to: far, verdict: flipped };
}
