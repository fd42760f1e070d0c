/** @module How a person, or a process manager, ends a command that goes on by itself. */

import { exitCode } from "./exit-code.ts";

/** Resolves with the first signal to stop. The second ends the process where it stands. */
export function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      if (signals > 1) process.exit(exitCode.fault);
      resolve();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
