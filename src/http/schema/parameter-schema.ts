/** @module Parameters of paths, queries and headers. */

import { z } from "@hono/zod-openapi";

export const decisionId = z
  .string()
  .max(100)
  .openapi({ param: { name: "id", in: "path" }, example: "0191d8a2-6f6c-7bb0-8a70-6f1c7f3f3a52" });

export const revision = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits")
  .openapi({ example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" });

export const channelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and dashes, a letter first")
  .openapi({ param: { name: "name", in: "path" }, example: "production" });

export const mappingName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and dashes, a letter first")
  .openapi({ param: { name: "mapping", in: "path" }, example: "prometheus-http" });

const rfc3339 = z.iso.datetime({ offset: true });

/** Milliseconds since 1970, as digits or as an RFC 3339 time; parsed to a number. */
export const instant = z
  .string()
  .refine(
    (text) => /^\d{1,15}$/.test(text) || rfc3339.safeParse(text).success,
    "must be an RFC 3339 time with its offset, or milliseconds since 1970",
  )
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
  .openapi({
    type: "string",
    description: "RFC 3339 time, or milliseconds since 1970",
    example: "2026-01-01T00:00:00Z",
  });

/** A whole number in digits, between two bounds; parsed to a number. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  const between = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, between)
    .transform(Number)
    .refine((number) => number >= min && number <= max, between)
    .openapi({ type: "integer", minimum: min, maximum: max });
}
