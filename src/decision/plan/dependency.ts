/** @module Dependencies between steps, each said once. */

/**
 * The same order without what follows from the rest: where a step waits for another, it need not be
 * said again that it waits for what that one waits for. `after` lists, for each place, smaller places.
 */
export function withoutImplied(after: readonly (readonly number[])[]): readonly number[][] {
  const words = Math.ceil(after.length / 32);
  const ancestors: Uint32Array[] = [];
  return after.map((before, place) => {
    const all = new Uint32Array(words);
    const kept: number[] = [];
    // From the nearest back: what an earlier one implies was seen when a later one was kept.
    for (const one of [...new Set(before)].sort((some, other) => other - some)) {
      const word = one >>> 5;
      const bit = 1 << (one & 31);
      if (((all[word] ?? 0) & bit) !== 0) continue;
      kept.push(one);
      for (const [index, bits] of (ancestors[one] ?? []).entries())
        all[index] = (all[index] ?? 0) | bits;
      all[word] = (all[word] ?? 0) | bit;
    }
    ancestors[place] = all;
    return kept.reverse();
  });
}
