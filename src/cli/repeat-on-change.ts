/** @module `--watch` of commands that look at folders: once, and again at every change. */

import { type ExitCode, exitCode } from "./exit-code.ts";
import { stampFolders, watchFolders } from "./folder-watch.ts";
import { reportError } from "./report-error.ts";
import { waitForStop } from "./stop-signal.ts";
import { print, style } from "./terminal.ts";

/**
 * Runs `work` now and whenever a file of `folders` has changed, until it is asked to stop. What it
 * throws is shown, and the next change is waited for. What it started, such as the toolchain, stays.
 */
export async function repeatOnChange(
  folders: readonly string[],
  work: () => Promise<unknown>,
): Promise<ExitCode> {
  const stopping = new AbortController();
  void waitForStop().then(() => stopping.abort());
  const since = await stampFolders(folders);
  const runOnce = () => runTimed(folders, work);
  await runOnce();
  await watchFolders({ folders, since, signal: stopping.signal, onChange: runOnce });
  return exitCode.done;
}

async function runTimed(folders: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const beganMs = performance.now();
  try {
    await work();
  } catch (error) {
    reportError(error, { json: false });
  }
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(2);
  print(style("dim", `in ${seconds} s; watching ${folders.join(", ")}`));
}
