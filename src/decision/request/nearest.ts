/** @module What a misspelt word probably meant. */

/** Mistakes that are still taken for the same word. */
const editsMax = 2;
/** Longer words are not looked at: they are no misspelling of any word of a schema. */
const wordLengthMax = 60;

/** The candidate closest to `word`, if it is close; the first of several. */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > wordLengthMax) return undefined;
  let nearest: string | undefined;
  let fewest = editsMax + 1;
  for (const candidate of candidates) {
    const edits = countEdits(simplify(word), simplify(candidate));
    if (edits < fewest && edits * 2 < candidate.length) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** `collectedAtMs`, `collected-at-ms` and `collected_at_ms` are one word. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Levenshtein distance: insertions, deletions and substitutions between `left` and `right`. */
function countEdits(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substituted = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substituted,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
