/** @module The two streams a command writes to, and what a terminal gets beyond plain text. */

import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** A reader that went away (`belay test | head`) ends the output, not the command. */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Results: lines on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Everything that is not the result: lines on standard error. */
export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/** Styled where standard output is a terminal that wants colours (`NO_COLOR`, `FORCE_COLOR`). */
export function style(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** What a string from outside may do to a terminal is nothing: control characters are shown. */
export function plain(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** How long work may take before a person wants to know that it goes on. */
const silentMs = 800;

export interface Progress {
  /** Replaces what is shown. */
  update(text: string): void;
  stop(): void;
}

/** One line on standard error that comes and goes; nothing where that is no terminal. */
export function startProgress(text: string): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  let shown = text;
  let visible = false;
  const draw = (): void => {
    visible = true;
    stderr.write(`\r\u001b[2K${shown.slice(0, Math.max(20, stderr.columns - 1))}`);
  };
  const timer = setTimeout(draw, silentMs).unref();
  return {
    update(next) {
      shown = next;
      if (visible) draw();
    },
    stop() {
      clearTimeout(timer);
      if (visible) stderr.write("\r\u001b[2K");
    },
  };
}

/** Runs `work` under a progress line that is gone before the result is printed. */
export async function withProgress<T>(
  text: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress(text);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}
