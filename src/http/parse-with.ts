/** @module Holding a part of a request against its schema. */

import type { z } from "@hono/zod-openapi";
import { BelayError } from "../base/errors.ts";
import { describeIssue, translateIssues } from "../decision/request/issues.ts";

const issuesMax = 50;

/** @throws `invalid-request` with every place that is wrong; pointers begin with `prefix` */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, prefix = ""): T {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const issues = translateIssues(parsed.error.issues, schema, issuesMax);
  throw new BelayError("invalid-request", "the request does not fit its schema", {
    issues: issues.map(({ pointer, message }) => ({ pointer: prefix + pointer, message })),
  });
}
