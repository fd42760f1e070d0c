/** @module The one rounding of derived numbers. */

/** Significant decimal digits of every derived number. */
export const derivedDigits = 12;

/**
 * `value` to twelve significant digits, for two reasons. The logarithms and exponentials behind a
 * p-value are not fixed to the last bit by ECMAScript, and a decision must come out the same on
 * every machine. And a rate that is exactly at its limit on paper, such as 0.0144 / (1 - 0.999), is
 * 14.399999999999988 in binary: a rule that compares it with 14.4 should see 14.4.
 */
export function roundDerived(value: number): number {
  // Most derived numbers are small integers, and printing a number to read it back is slow.
  if (Number.isInteger(value) && Math.abs(value) < 10 ** derivedDigits) return value + 0;
  return Number(value.toPrecision(derivedDigits));
}
