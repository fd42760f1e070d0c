/** @module Notes of a signal: one printable line, whatever the provider's own words were. */

/** Control characters, line separators and bidirectional overrides. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;
const partCharactersMax = 240;
const noteCharactersMax = 900;

/** One part of a note, of at most some 240 UTF-16 code units. */
export function cleanNote(text: string): string {
  return cut(text, partCharactersMax).replaceAll(unprintable, " ");
}

/** The parts as one note, each once. */
export function joinNotes(parts: readonly string[]): string {
  return cut([...new Set(parts)].join("; "), noteCharactersMax);
}

function cut(text: string, charactersMax: number): string {
  const head = text.slice(0, charactersMax).toWellFormed();
  return text.length <= charactersMax ? head : `${head}…`;
}
