/**
 * @module Whether a version lies in a range. Versions are compared where both are semantic versions
 * (semver.org, 2.0.0, section 11); others are only equal or not.
 */

/** `unknown`: nothing is said, or the versions have no order that could be told. */
export type RangeAnswer = "yes" | "no" | "unknown";

const semanticVersion =
  /^(?<core>(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * `no` where either bound is known to be passed. `yes` needs a lower bound that is known to be kept:
 * going back asks whether a version is too old, and silence about that is no answer.
 */
export function isInRange(
  version: string | undefined,
  min: string | undefined,
  max: string | undefined,
): RangeAnswer {
  if (version === undefined) return "unknown";
  const overMin = min === undefined ? undefined : compareVersions(version, min);
  const overMax = max === undefined ? undefined : compareVersions(version, max);
  if ((overMin !== undefined && overMin < 0) || (overMax !== undefined && overMax > 0)) return "no";
  const keepsMax = max === undefined || overMax !== undefined;
  return overMin !== undefined && keepsMax ? "yes" : "unknown";
}

/** Below 0 where `one` is the older, 0 where they are the same; undefined where nobody can tell. */
export function compareVersions(one: string, other: string): number | undefined {
  if (one === other) return 0;
  const first = semanticVersion.exec(one)?.groups;
  const second = semanticVersion.exec(other)?.groups;
  if (first === undefined || second === undefined) return undefined;
  const core = compareLists(split(first["core"]), split(second["core"]));
  if (core !== 0) return core;
  // A version before its release is older than the release.
  const [before, after] = [split(first["pre"]), split(second["pre"])];
  if (before.length === 0 || after.length === 0) return after.length - before.length;
  return compareLists(before, after);
}

function split(dotted: string | undefined): string[] {
  return dotted === undefined ? [] : dotted.split(".");
}

function compareLists(some: readonly string[], others: readonly string[]): number {
  for (const [index, one] of some.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(one, other);
    if (order !== 0) return order;
  }
  return some.length - others.length;
}

/** Numbers by value, however long, and before words; words by their ASCII order. */
function compareIdentifiers(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber && one.length !== other.length) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
