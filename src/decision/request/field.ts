/** @module The bounded building blocks of the request schema: texts, times, counts, ratios. */

import { z } from "@hono/zod-openapi";
import type { JsonValue } from "../../base/json.ts";
import { showValue } from "./show-value.ts";

/**
 * No control characters, line separators or bidirectional overrides: what is named here is printed
 * on terminals and in events of one line, where such characters would hide or forge text.
 */
const printable = /^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/;

const printableOnly = { error: "expected printable text on one line: no control characters" };

/** A name or identifier, 1..200 UTF-16 code units on one line. */
export const id = z.string().min(1).max(200).regex(printable, printableOnly);

/** Free text on one line, 1..1,000 UTF-16 code units. */
export const text = z.string().min(1).max(1_000).regex(printable, printableOnly);

export const url = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[^\s\u0000-\u001f]+$/, { error: "expected an http or https URL" });

/** Content digest of an artifact, in the notation of the OCI image specification. */
export const digest = z
  .string()
  .max(200)
  .regex(/^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/, {
    error: "expected a digest: `sha256:` and 64 lower-case hex digits (or sha384, sha512)",
  });

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "expected a SHA-256: 64 lower-case hex digits" });

/** `sha256:` and the hash of a plan. */
export const planId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: "expected a plan id: `sha256:` and 64 hex digits" });

/** 2000-01-01 and 2100-01-01: tells milliseconds from seconds and from microseconds. */
const earliestMs = 946_684_800_000;
const latestMs = 4_102_444_800_000;

/** A moment: whole milliseconds since 1970-01-01T00:00Z, between the years 2000 and 2100. */
export const epochMs = z
  .int()
  .min(earliestMs, { error: (issue) => describeTime(issue.input) })
  .max(latestMs, { error: (issue) => describeTime(issue.input) });

function describeTime(input: unknown): string {
  const wanted = `expected epoch milliseconds, found ${showValue(input)}`;
  if (typeof input !== "number") return wanted;
  if (isBetween(input * 1_000)) return `${wanted}, which looks like seconds`;
  if (isBetween(input / 1_000)) return `${wanted}, which looks like microseconds`;
  return `${wanted}, which is not between the years 2000 and 2100`;
}

function isBetween(timeMs: number): boolean {
  return timeMs >= earliestMs && timeMs <= latestMs;
}

/** A length of time in seconds, at most some thirty years. */
export const durationS = z.number().min(0).max(1e9);

/** 0..1, never percent. */
export const ratio = z
  .number()
  .min(0)
  .max(1, {
    error: (issue) =>
      `expected a ratio of at most 1, never percent, found ${showValue(issue.input)}`,
  });

/** How many: 0..2^53-1. */
export const count = z.int().min(0);

/**
 * Any JSON. The walk over the raw request has bounded its depth and size and refused all that is
 * not JSON before a schema sees it, so there is nothing left to check.
 */
export const json = z.unknown() as unknown as z.ZodType<JsonValue>;

/**
 * `schema.optional()`, typed without `undefined`: JSON has none, so an optional member is either
 * absent or has a value, and a parsed document is itself JSON. (`exactOptional()` would do the same
 * at run time, but is written into OpenAPI as required.)
 */
export function optional<T extends z.ZodType>(schema: T): z.ZodExactOptional<T> {
  return schema.optional() as unknown as z.ZodExactOptional<T>;
}
