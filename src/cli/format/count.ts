/** @module Numbers in sentences. */

/** `1 test`, `2 tests`; `plural` where an s does not do. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** The part of a revision that people compare and type; commands accept it. */
export function shortRevision(revision: string): string {
  return revision.slice(0, 12);
}
