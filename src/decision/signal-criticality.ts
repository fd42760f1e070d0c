/** @module Which signals are critical, as `rego/belay/signals.rego` has it. */

import type { Signal } from "./request.ts";

/**
 * Whether a signal alone may call for a rollback: its own `critical` decides; where that is absent,
 * signals of availability and of correctness are critical, and others are not.
 */
export function isCritical({ critical, sli }: Pick<Signal, "critical" | "sli">): boolean {
  return critical ?? (sli === "availability" || sli === "correctness");
}
