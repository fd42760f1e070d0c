/**
 * @module Problem documents (RFC 9457): the only place where an error becomes an HTTP answer.
 *
 * `type` is a stable URI that ends in the code; docs/problems.md explains each. The URN is a name
 * to compare and not an address to open, so that no client ever depends on a web site. `instance`
 * names the request, as `x-request-id` and the access log do. Causes and stacks are never shown.
 */

import {
  BelayError,
  type ErrorCode,
  type ErrorKind,
  errorCatalogue,
  type InputIssue,
} from "../base/errors.ts";

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ProblemDocument;
}

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly retry: boolean;
  readonly errors?: readonly InputIssue[];
  readonly [extra: string]: unknown;
}

export interface ProblemContext {
  readonly requestId: string;
  /** Goes before the status of the code, where the request makes another one more exact. */
  readonly status?: number | undefined;
}

export const problemMediaType = "application/problem+json";

/** `urn:belay:problem:log-sealed` */
export function problemType(code: ErrorCode): string {
  return `urn:belay:problem:${code}`;
}

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  input: 422,
  absent: 404,
  conflict: 409,
  limit: 413,
  unavailable: 503,
  integrity: 500,
  internal: 500,
};

/** Where HTTP has a more exact word than the kind gives. */
const statusOfCode: Partial<Readonly<Record<ErrorCode, number>>> = {
  "malformed-http": 400,
  "malformed-json": 400,
  "foreign-origin": 403,
  "method-not-allowed": 405,
  "request-timeout": 408,
  "unsupported-media-type": 415,
  "toolchain-deadline": 503,
};

/** Seconds until asking again makes sense. A full queue drains at once; these take longer. */
const retryAfterS: Partial<Readonly<Record<ErrorCode, number>>> = {
  "toolchain-deadline": 10,
  "log-sealed": 10,
};

/**
 * A gate that reads nothing but `verdict` must not find silence where Belay could not put a
 * decision on record: it asks a person.
 */
const unrecorded: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["log-sealed", "overloaded"]);

function statusOf(code: ErrorCode): number {
  return statusOfCode[code] ?? statusOfKind[errorCatalogue[code].kind];
}

/** Anything thrown as a problem. What is not a `BelayError` becomes `internal` and says no more. */
export function createProblem(error: unknown, context: ProblemContext): Problem {
  const known =
    error instanceof BelayError
      ? error
      : new BelayError("internal", "the request could not be answered");
  const { code } = known;
  const { title, retry } = errorCatalogue[code];
  const status = context.status ?? statusOf(code);
  const mayRetry = retry && status === 503;
  return {
    status,
    headers: {
      "content-type": problemMediaType,
      "cache-control": "no-store",
      ...(mayRetry ? { "retry-after": String(retryAfterS[code] ?? 1) } : {}),
    },
    document: {
      ...known.extra,
      ...(unrecorded.has(code) ? { verdict: "escalate", logged: false } : {}),
      type: problemType(code),
      title,
      status,
      detail: code === "internal" ? "the request could not be answered" : known.message,
      instance: `urn:belay:request:${context.requestId}`,
      code,
      retry,
      ...(known.issues.length === 0 ? {} : { errors: known.issues }),
    },
  };
}
