/** @module Times of a drill: written as an offset, read as epoch milliseconds. */

import type { JsonValue } from "../../base/json.ts";
import { isObject, listOf } from "./loose-json.ts";

/** What an offset, or the name of a plan, is replaced by. */
export interface Moment {
  readonly startMs: number;
  readonly nowMs: number;
  /** Of the release that is asked for; absent where there was none yet. */
  readonly planId: string | undefined;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const offset = /^(?<from>start|now)((?<sign>[+-])(?<count>\d{1,6})(?<unit>[smhd]))?$/;

/**
 * `value` with times in place of `start`, `now`, `start-2h`, `now+30s` at members called `…_ms`, and
 * the id of the latest plan in place of `latest` at members called `plan_id`.
 */
export function placeInTime(value: JsonValue, moment: Moment): JsonValue {
  if (!isObject(value)) {
    return Array.isArray(value) ? listOf(value).map((one) => placeInTime(one, moment)) : value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === "string" ? placeMember(key, member, moment) : placeInTime(member, moment),
    ]),
  );
}

function placeMember(key: string, text: string, moment: Moment): JsonValue {
  if (key === "plan_id" && text === "latest") return moment.planId ?? text;
  if (!key.endsWith("_ms")) return text;
  const { from, sign, count, unit } = offset.exec(text)?.groups ?? {};
  if (from === undefined) return text;
  const fromMs = from === "start" ? moment.startMs : moment.nowMs;
  if (unit === undefined) return fromMs;
  const lengthMs = Number(count) * unitMs[unit as keyof typeof unitMs];
  return sign === "-" ? fromMs - lengthMs : fromMs + lengthMs;
}
