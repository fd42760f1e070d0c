/** @module Text from outside made fit for one line of an event, a comment or a terminal. */

/**
 * `text` on one line, at most `lengthMax` UTF-16 code units: control characters, line separators and
 * bidirectional overrides become spaces, what is too long ends in an ellipsis.
 */
export function toLine(text: string, lengthMax: number): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, " ")
    .trim()
    .toWellFormed();
  if (line.length <= lengthMax) return line;
  const cut = line.slice(0, lengthMax - 1);
  // Never half of a surrogate pair.
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
