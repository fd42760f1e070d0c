/**
 * @module The one catalogue of errors. Expected outcomes (a policy that fails, a pack that does not
 * compile, a proof that does not verify) are data and never come through here.
 *
 * `kind` is what a face needs to translate: `http/problem.ts` makes a status of it and
 * `cli/exit-code.ts` an exit code. `retry` says whether the same call may succeed later.
 */

export type ErrorKind =
  | "input"
  | "absent"
  | "conflict"
  | "limit"
  | "unavailable"
  | "integrity"
  | "internal";

export interface ErrorDefinition {
  readonly title: string;
  readonly kind: ErrorKind;
  readonly retry: boolean;
}

function define<K extends string>(table: Record<K, ErrorDefinition>): Record<K, ErrorDefinition> {
  return table;
}

export const errorCatalogue = define({
  "malformed-http": {
    title: "the bytes are not a complete HTTP request",
    kind: "input",
    retry: false,
  },
  "method-not-allowed": { title: "the route has no such method", kind: "input", retry: false },
  "request-timeout": { title: "the request did not arrive in time", kind: "input", retry: true },
  "foreign-origin": {
    title: "the request comes from a page of another site",
    kind: "input",
    retry: false,
  },
  "malformed-json": { title: "the body is not JSON", kind: "input", retry: false },
  "invalid-request": { title: "the request does not fit its schema", kind: "input", retry: false },
  "unsupported-media-type": {
    title: "the content type is not understood",
    kind: "input",
    retry: false,
  },
  "input-too-large": { title: "the input exceeds a limit", kind: "limit", retry: false },
  "clock-skew": { title: "a time lies in the future", kind: "input", retry: false },
  "idempotency-key-reused": {
    title: "the idempotency key was used with another body",
    kind: "input",
    retry: false,
  },
  "decision-not-found": { title: "no such decision", kind: "absent", retry: false },
  "plan-not-found": { title: "the decision has no plan", kind: "absent", retry: false },
  "step-not-found": { title: "the plan has no such step", kind: "absent", retry: false },
  "step-out-of-order": { title: "the step cannot come now", kind: "conflict", retry: false },
  "decision-expired": {
    title: "the decision is too old to act on",
    kind: "conflict",
    retry: false,
  },
  "approval-missing": { title: "a human has to agree first", kind: "conflict", retry: true },
  "plan-held": { title: "another plan is being carried out", kind: "conflict", retry: true },
  "plan-mismatch": { title: "the plan is not the decision's", kind: "conflict", retry: false },
  "nothing-to-resolve": { title: "no human was asked", kind: "conflict", retry: false },
  "caller-unknown": { title: "the caller has no name", kind: "input", retry: false },
  "bundle-not-found": { title: "no such bundle", kind: "absent", retry: false },
  "channel-not-found": { title: "no such channel", kind: "absent", retry: false },
  "mapping-not-found": { title: "no such signal mapping", kind: "absent", retry: false },
  "route-not-found": { title: "no such route", kind: "absent", retry: false },
  "bundle-invalid": { title: "the bundle cannot be used", kind: "input", retry: false },
  "pack-refused": { title: "the pack was refused", kind: "input", retry: false },
  "drill-invalid": { title: "a drill cannot be read", kind: "input", retry: false },
  "evaluation-failed": { title: "the query cannot be evaluated", kind: "input", retry: false },
  "channel-moved": { title: "the channel has moved meanwhile", kind: "conflict", retry: true },
  "no-previous-revision": {
    title: "the channel has no previous revision",
    kind: "conflict",
    retry: false,
  },
  "data-directory-in-use": {
    title: "another process writes this record",
    kind: "conflict",
    retry: true,
  },
  "log-sealed": { title: "the record cannot be written", kind: "unavailable", retry: true },
  "log-corrupt": { title: "the record does not verify", kind: "integrity", retry: false },
  "record-too-new": {
    title: "a newer Belay wrote this record",
    kind: "unavailable",
    retry: false,
  },
  overloaded: { title: "too many requests wait for the record", kind: "unavailable", retry: true },
  "toolchain-deadline": {
    title: "the Rego toolchain did not answer in time",
    kind: "limit",
    retry: true,
  },
  "toolchain-crashed": { title: "the Rego toolchain stopped", kind: "unavailable", retry: true },
  "server-unreachable": { title: "no server answers", kind: "unavailable", retry: true },
  "file-unreadable": { title: "a file cannot be read", kind: "input", retry: false },
  usage: { title: "the command line is not understood", kind: "input", retry: false },
  "open-without-authentication": {
    title: "refuses to listen beyond this machine without authentication",
    kind: "input",
    retry: false,
  },
  "address-in-use": { title: "the address is taken", kind: "conflict", retry: true },
  internal: { title: "Belay is at fault", kind: "internal", retry: false },
});

export type ErrorCode = keyof typeof errorCatalogue;

/** One offending place of an input: a JSON Pointer (RFC 6901) and what is wrong there. */
export interface InputIssue {
  readonly pointer: string;
  readonly message: string;
}

export interface BelayErrorOptions {
  /** The underlying error. Goes to the log, never to a client. */
  readonly cause?: unknown;
  /** Places of the input that are wrong; shown to the client. */
  readonly issues?: readonly InputIssue[];
  /** Extra members for the problem document, all of them safe to show. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The only error class Belay throws. `message` is safe to show: lower case, no full stop. */
export class BelayError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly InputIssue[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: BelayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "BelayError";
    this.code = code;
    this.issues = options.issues ?? [];
    this.extra = options.extra ?? {};
  }

  get kind(): ErrorKind {
    return errorCatalogue[this.code].kind;
  }
}
