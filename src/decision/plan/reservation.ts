/** @module What the policies have against going back, and which parts of the plan it is about. */

/** One line of one policy, and the places of the input that its evidence quotes. */
export interface Reservation {
  readonly line: string;
  /** JSON Pointers into the normalised input. */
  readonly places: readonly string[];
}

/** By what they speak about. Each says why a human is asked first. */
export interface Concerns {
  /** About the plan as a whole: nothing starts before a human has agreed. */
  readonly all: string[];
  /** By index, of the lists of the request. */
  readonly migrations: Map<number, string[]>;
  readonly flags: Map<number, string[]>;
  readonly queues: Map<number, string[]>;
  readonly caches: Map<number, string[]>;
  readonly compensations: Map<number, string[]>;
}

type Part = Exclude<keyof Concerns, "all">;

const placeOfPart =
  /^\/(?:data_integrity\/(?=[qc])|(?=[mf]))(?<part>migrations|flags|queues|caches|compensations)\/(?<index>\d+)(?:\/|$)/;

/** Quoted beside what a reservation is about: the versions and times it was held against. */
const background = /^\/(?:release|request)(?:\/|$)/;

/**
 * What a reservation is about shows in its evidence: where that lies within migrations, flags, queues,
 * caches or compensations, only the steps that touch those wait for a human. Any other place, or
 * nothing but the background, may concern every step.
 */
export function sortReservations(reservations: readonly Reservation[]): Concerns {
  const concerns: Concerns = {
    all: [],
    migrations: new Map(),
    flags: new Map(),
    queues: new Map(),
    caches: new Map(),
    compensations: new Map(),
  };
  for (const { line, places } of reservations) {
    const parts = places.map((place) => placeOfPart.exec(place)?.groups);
    const about = parts.filter((part) => part !== undefined);
    const isElsewhere = places.some((one, index) => !parts[index] && !background.test(one));
    if (about.length === 0 || isElsewhere) concerns.all.push(line);
    else {
      for (const part of about)
        addLine(concerns[part["part"] as Part], Number(part["index"]), line);
    }
  }
  return concerns;
}

function addLine(lines: Map<number, string[]>, index: number, line: string): void {
  const known = lines.get(index) ?? [];
  if (!known.includes(line)) lines.set(index, [...known, line]);
}
