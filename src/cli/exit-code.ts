/** @module What a process of `belay` ends with. docs/cli.md explains each. */

import { BelayError, type ErrorKind } from "../base/errors.ts";

export const exitCode = {
  done: 0,
  /** The question was understood and the answer is no: tests failed, a record does not verify. */
  no: 1,
  /** The command line, a file or a request is at fault. */
  input: 2,
  /** Belay, the server or the machine is at fault; trying again may help. */
  fault: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const exitCodeOfKind: Readonly<Record<ErrorKind, ExitCode>> = {
  input: exitCode.input,
  absent: exitCode.input,
  limit: exitCode.input,
  conflict: exitCode.no,
  unavailable: exitCode.fault,
  integrity: exitCode.fault,
  internal: exitCode.fault,
};

/** Anything thrown as an exit code; what is not a `BelayError` is a fault. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof BelayError ? exitCodeOfKind[error.kind] : exitCode.fault;
}
