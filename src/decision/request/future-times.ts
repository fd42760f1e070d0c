/** @module Times that lie in the future though they tell of the past. */

import type { InputIssue } from "../../base/errors.ts";
import { pointerOf } from "../json-pointer.ts";

export interface Clock {
  /** The host's one reading of the clock, epoch ms. */
  readonly nowMs: number;
  /** How far a caller's clock may run ahead of the host's, ms. */
  readonly skewMs: number;
}

export const defaultSkewMs = 60_000;

/** Members that speak of what is to come, or may: deadlines, expiries, freezes. */
const mayLieAhead = new Set(["deadline_ms", "expires_ms", "start_ms", "end_ms"]);

/** What is not Belay's to read: free members, and a provider's own answers. */
function isForeign(path: readonly string[]): boolean {
  if (path.length === 1) return path[0] === "ext";
  return path.length === 3 && path[1] === "mapping" && path[2] === "answers";
}

/**
 * Every time after `nowMs + skewMs`. By name: in a request each time is called `…_ms`, so that a
 * new field is checked unless it says that it may lie ahead. Expects a raw request that was found
 * to be JSON within limits; its shape may still be wrong.
 */
export function findFutureTimes(raw: unknown, clock: Clock): InputIssue[] {
  const issues: InputIssue[] = [];
  const path: string[] = [];
  const latestMs = clock.nowMs + clock.skewMs;

  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    if (isForeign(path)) return;
    for (const key of Object.keys(value)) {
      const member = (value as Record<string, unknown>)[key];
      if (typeof member === "number") {
        if (member > latestMs && key.endsWith("_ms") && !mayLieAhead.has(key)) {
          issues.push({
            pointer: pointerOf([...path, key]),
            message: describeFuture(member, clock),
          });
        }
      } else if (typeof member === "object") {
        path.push(key);
        visit(member);
        path.pop();
      }
    }
  }

  visit(raw);
  return issues;
}

function describeFuture(timeMs: number, { nowMs, skewMs }: Clock): string {
  const aheadS = Math.ceil((timeMs - nowMs) / 1_000);
  return `lies ${aheadS} s in the future; ${skewMs / 1_000} s of clock skew are allowed`;
}
