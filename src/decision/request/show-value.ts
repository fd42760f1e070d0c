/** @module How a wrong value is shown in a message: what it is, never more than a glimpse of it. */

const shownLengthMax = 40;

/** Names `value` in a few words: its type, and the value itself where it is small. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `the string ${quote(value)}`;
  if (typeof value === "number" || typeof value === "boolean") return `\`${value}\``;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** `text` in backticks, cut short, without characters that could break the line. */
export function quote(text: string): string {
  const clean = text.slice(0, shownLengthMax).replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
  return text.length > shownLengthMax ? `\`${clean}…\`` : `\`${clean}\``;
}
