/**
 * @module Calls between two threads over one port. Each side may call what the other offers; calls
 * run side by side and their answers come in any order. Arguments and results are copied (structured
 * clone). What was not answered when the other thread ends is rejected, so that no call hangs.
 */

import type { MessagePort } from "node:worker_threads";
import { BelayError, type ErrorCode, type InputIssue } from "../base/errors.ts";

/** What one side offers: functions of copyable arguments that promise a copyable result. */
type Offer<T> = { readonly [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/** The other side of a port. */
export interface Peer<Theirs extends Offer<Theirs>> {
  /** @throws BelayError the one that was thrown there; `internal` where the other thread has ended */
  call<Name extends keyof Theirs & string>(
    name: Name,
    ...args: Parameters<Theirs[Name]>
  ): Promise<Awaited<ReturnType<Theirs[Name]>>>;
  /** Whether the other thread can be asked: it has not ended. */
  readonly isOpen: boolean;
  /** Takes no more calls and makes none. */
  close(): void;
}

interface CallMessage {
  readonly call: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

type AnswerMessage = { readonly answer: number } & (
  | { readonly value: unknown }
  | { readonly error: CopiedError }
);

/** A `BelayError` in a form that can be copied. `cause` is for the log. */
interface CopiedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly issues: readonly InputIssue[];
  readonly extra: Readonly<Record<string, unknown>>;
  readonly cause: string;
}

/** Offers `ours` at `port`, which nobody else uses, and calls what the other side offers there. */
export function connectThreads<Theirs extends Offer<Theirs>, Ours extends Offer<Ours>>(
  port: MessagePort,
  ours: Ours,
): Peer<Theirs> {
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  let callCount = 0;
  let isOpen = true;

  function settle(message: AnswerMessage): void {
    const call = waiting.get(message.answer);
    waiting.delete(message.answer);
    if ("error" in message) call?.reject(restoreError(message.error));
    else call?.resolve(message.value as never);
  }

  port.on("message", (message: CallMessage | AnswerMessage) => {
    if ("call" in message) void answerCall(port, ours, message);
    else settle(message);
  });
  port.on("close", () => {
    isOpen = false;
    for (const { reject } of waiting.values()) reject(lostThread());
    waiting.clear();
  });

  return {
    async call(name, ...args) {
      if (!isOpen) throw lostThread();
      const settled = Promise.withResolvers<never>();
      callCount += 1;
      const message: CallMessage = { call: callCount, name, args };
      port.postMessage(message);
      waiting.set(callCount, settled);
      return settled.promise;
    },
    get isOpen() {
      return isOpen;
    },
    close: () => port.close(),
  };
}

async function answerCall<Ours extends Offer<Ours>>(
  port: MessagePort,
  ours: Ours,
  { call, name, args }: CallMessage,
): Promise<void> {
  const post = (message: AnswerMessage): void => port.postMessage(message);
  try {
    const offered: (...given: never[]) => Promise<unknown> = ours[name as keyof Ours];
    post({ answer: call, value: await offered(...(args as never[])) });
  } catch (error) {
    post({ answer: call, error: copyError(error) });
  }
}

function copyError(error: unknown): CopiedError {
  if (!(error instanceof BelayError)) {
    const message = "a thread of Belay failed";
    return { code: "internal", message, issues: [], extra: {}, cause: describe(error) };
  }
  const { code, message, issues, extra } = error;
  return { code, message, issues, extra, cause: describe(error.cause ?? error) };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function restoreError({ code, message, issues, extra, cause }: CopiedError): BelayError {
  return new BelayError(code, message, { issues, extra, cause });
}

function lostThread(): BelayError {
  return new BelayError("internal", "the thread that was asked has ended");
}
