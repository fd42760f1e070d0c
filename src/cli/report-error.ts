/**
 * @module An error as a person and as a program read it: one line on standard error with the places
 * that are wrong below it and, where JSON was asked for, the problem document on standard output.
 */

import { getSystemErrorMessage } from "node:util";
import { type Diagnostic, formatDiagnostic } from "../base/diagnostic.ts";
import { BelayError, errorCatalogue } from "../base/errors.ts";
import { plain, printError, printJson } from "./terminal.ts";

const issuesMax = 50;

/** @param options.json whether the command was asked for JSON */
export function reportError(error: unknown, options: { readonly json: boolean }): void {
  const known =
    error instanceof BelayError
      ? error
      : new BelayError("internal", "Belay is at fault", { cause: error });
  printError(plain(`belay: ${known.message}${systemReason(known)}`));
  for (const diagnostic of diagnosticsOf(known)) printError(plain(formatDiagnostic(diagnostic)));
  for (const { pointer, message } of known.issues.slice(0, issuesMax)) {
    printError(plain(`${pointer === "" ? "(the whole document)" : pointer}: ${message}`));
  }
  // The person at the terminal is the one who can report a fault of ours.
  if (known.code === "internal" && known.cause instanceof Error) {
    printError(plain(known.cause.stack ?? known.cause.message));
  }
  if (options.json) printJson(problemOf(known));
}

/** The problem document of `error` as far as it makes sense without HTTP. */
function problemOf(error: BelayError): Readonly<Record<string, unknown>> {
  const { title, retry } = errorCatalogue[error.code];
  return {
    ...error.extra,
    type: `urn:belay:problem:${error.code}`,
    title,
    detail: error.message,
    code: error.code,
    retry,
    ...(error.issues.length === 0 ? {} : { errors: error.issues }),
  };
}

function diagnosticsOf(error: BelayError): readonly Diagnostic[] {
  const diagnostics = error.extra["diagnostics"];
  return Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [];
}

/** Why the operating system would not let a file be read or written. */
function systemReason({ code, cause }: BelayError): string {
  const errno = (cause as NodeJS.ErrnoException | undefined)?.errno;
  if (code !== "file-unreadable" || errno === undefined) return "";
  return `: ${getSystemErrorMessage(errno) ?? `error ${errno}`}`;
}
