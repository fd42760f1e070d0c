/** @module What is not known: signals that cannot be judged, policies that gave no opinion. */

import type { PolicyError } from "../answer.ts";
import type { Unknown } from "../decision.ts";
import type { NormalisedInput } from "../normalise.ts";
import { quote } from "../request/show-value.ts";
import { isOfRelease, signalIdentity } from "../signal-identity.ts";
import { toLine } from "./line.ts";

/** Signals, and policies, that are named one by one. */
const namedMax = 100;
const messageLengthMax = 500;

export function createSignalUnknowns({ health }: NormalisedInput): Unknown[] {
  const unknown = [...health.signals.entries()].filter(([, signal]) => signal.status !== "ok");
  const named: Unknown[] = unknown.slice(0, namedMax).map(([index, signal]) => {
    const { id, service, population, status, note } = signal;
    const what = `signal ${quote(id)} of ${quote(service)}, ${population}, is \`${status}\``;
    const message = note === undefined ? what : toLine(`${what}: ${note}`, messageLengthMax);
    return { path: `/health/signals/${index}/status`, message };
  });
  return withRest(named, unknown.length, "signals");
}

/**
 * Usable signals of what is released that no derived number speaks of: no objective is set on them
 * and there is nothing to compare them with. Only a policy that reads the signal itself judges them,
 * and an `allow` must not be taken for more than it is.
 */
export function createUncomparedUnknowns({ health, derived }: NormalisedInput): Unknown[] {
  const derivedFrom = new Set([
    ...derived.burn.map((row) => signalIdentity(row.signal, row.service, row.population)),
    ...[...derived.compare, ...derived.shift, ...(derived.judge?.metrics ?? [])].map((row) =>
      signalIdentity(row.signal, row.service, "candidate"),
    ),
  ]);
  const uncompared = [...health.signals.entries()].filter(
    ([, signal]) =>
      signal.status === "ok" &&
      isOfRelease(signal) &&
      !derivedFrom.has(signalIdentity(signal.id, signal.service, signal.population)),
  );
  const named: Unknown[] = uncompared
    .slice(0, namedMax)
    .map(([index, { id, service, population }]) => ({
      path: `/health/signals/${index}`,
      message: `signal ${quote(id)} of ${quote(service)}, ${population}, has no objective and nothing to compare it with`,
    }));
  return withRest(named, uncompared.length, "signals without objective or counterpart");
}

export function createPolicyUnknowns(errors: readonly PolicyError[]): Unknown[] {
  const named: Unknown[] = errors.slice(0, namedMax).map(({ policy, message }) => ({
    policy: toLine(policy, 200),
    message: toLine(message, messageLengthMax),
  }));
  return withRest(named, errors.length, "policies in error");
}

function withRest(named: Unknown[], count: number, what: string): Unknown[] {
  if (count <= namedMax) return named;
  return [...named, { message: `and ${count - namedMax} more ${what}` }];
}
