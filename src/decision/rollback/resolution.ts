/**
 * @module Answers to an escalation, counted: who has agreed to what, and whether that is enough.
 * Pure, from the resolutions on record and the clock.
 */

/** One person's answer. */
export interface GivenResolution {
  readonly choice: "proceed" | "hold" | "rollback";
  readonly subject: string;
  readonly role: string;
  readonly break_glass: boolean;
  readonly at_ms: number;
  readonly expires_ms: number;
}

/** Who has to agree. */
export interface ResolutionRules {
  /** Different people that have to choose the same. */
  readonly peopleMin: number;
  /** Who made the release: counts beside others, never alone. */
  readonly author: string | undefined;
}

export interface Resolved {
  /** What was agreed to; absent while too few have. The latest agreement counts. */
  readonly choice?: GivenResolution["choice"];
  /** Until when, epoch ms. */
  readonly expires_ms?: number;
  /** Agreed to outside the rules, by one person. */
  readonly break_glass: boolean;
  /** Who chose it, or has so far. */
  readonly by: readonly string[];
  /** What is still needed, in one line. */
  readonly missing?: string;
}

/** An emergency lasts an hour; then the question is asked again. */
export const breakGlassMsMax = 3_600_000;

/** `given`: oldest first. Those that have expired by `nowMs` do not count any more. */
export function countResolutions(
  given: readonly GivenResolution[],
  rules: ResolutionRules,
  nowMs: number,
): Resolved {
  const [latest] = given.toReversed();
  if (latest === undefined) return { break_glass: false, by: [], missing: "nobody has answered" };
  const alive = given.filter(({ expires_ms }) => expires_ms > nowMs);
  const newest = alive.at(-1);
  if (newest === undefined) {
    return { break_glass: false, by: [], missing: "every answer has expired" };
  }
  if (newest.break_glass) {
    const { choice, subject, expires_ms } = newest;
    return { choice, expires_ms, break_glass: true, by: [subject] };
  }
  const agreeing = new Map<string, GivenResolution>();
  // A person's later answer takes the place of an earlier one.
  for (const one of alive) agreeing.set(one.subject, one);
  const same = [...agreeing.values()].filter(({ choice }) => choice === newest.choice);
  const by = same.map(({ subject }) => subject);
  const others = by.filter((subject) => subject !== rules.author);
  const lacking = rules.peopleMin - by.length;
  if (lacking > 0) {
    return { break_glass: false, by, missing: `${lacking} more ${people(lacking)} to agree` };
  }
  if (others.length === 0) {
    const missing = "somebody else than who made the release has to agree";
    return { break_glass: false, by, missing };
  }
  return {
    choice: newest.choice,
    expires_ms: Math.min(...same.map(({ expires_ms }) => expires_ms)),
    break_glass: false,
    by,
  };
}

function people(count: number): string {
  return count === 1 ? "person has" : "people have";
}
