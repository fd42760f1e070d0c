/** @module Entity tags (RFC 9110, section 8.8.3) in conditional requests. */

import { BelayError } from "../base/errors.ts";

/** Whether an `If-None-Match` names `etag`. Weak and strong compare alike here. */
export function hasETag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === etag);
}

/**
 * The one entity tag of an `If-Match`, without its quotes; undefined where there is no such header.
 * @throws `invalid-request` for a list, `*` or a weak tag: none of them says what the caller saw
 */
export function parseIfMatch(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const tag = /^\s*"([^"]*)"\s*$/.exec(header)?.[1];
  if (tag !== undefined) return tag;
  throw new BelayError("invalid-request", "`If-Match` is not one quoted revision", {
    issues: [{ pointer: "/header/if-match", message: 'must be `"REVISION"`' }],
  });
}
