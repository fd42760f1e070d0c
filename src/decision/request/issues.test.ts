import { z } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { describeIssue, translateIssues } from "./issues.ts";

const schema = z.strictObject({
  name: z.string().min(2).max(3),
  size: z.int().min(1),
  on: z.boolean(),
  list: z
    .array(z.strictObject({ key: z.string() }))
    .min(1)
    .max(2)
    .default([]),
  inner: z.strictObject({ kind: z.enum(["canary", "rolling"]), deep: z.null() }).optional(),
  free: z.record(z.string(), z.number()).optional(),
});

function explain(raw: unknown): Record<string, string> {
  const { error } = schema.safeParse(raw, { error: describeIssue });
  const issues = translateIssues(error?.issues ?? [], schema, 50);
  return Object.fromEntries(issues.map(({ pointer, message }) => [pointer, message]));
}

const sound = { name: "ab", size: 1, on: true };

test.each([
  [{ name: 1 }, "/name", "expected a string, found `1`"],
  [{ name: "a" }, "/name", "expected at least 2 characters, found 1"],
  [{ name: "abcd" }, "/name", "expected at most 3 characters, found 4"],
  [{ name: undefined }, "/name", "is required: expected a string"],
  [{ size: 0 }, "/size", "expected at least 1, found `0`"],
  [{ size: 1.5 }, "/size", "expected a whole number, found `1.5`"],
  [
    { size: "-Inf" },
    "/size",
    "expected a number, found the string `-Inf`; leave the value out and say so by `status`",
  ],
  [{ on: "yes" }, "/on", "expected true or false, found the string `yes`"],
  [{ list: {} }, "/list", "expected an array, found an object"],
  [{ list: [] }, "/list", "expected at least 1 element, found 0"],
  [
    { list: [{ key: "a" }, { kay: "a", key: "a" }] },
    "/list/1/kay",
    "unknown key `kay`; did you mean `key`?",
  ],
  [
    { inner: { kind: "cannary", deep: null } },
    "/inner/kind",
    "expected one of `canary`, `rolling`, found the string `cannary`; did you mean `canary`?",
  ],
  [{ inner: { kind: "canary", deep: 1 } }, "/inner/deep", "expected null, found `1`"],
  [{ inner: { deep: null } }, "/inner/kind", "is required: expected one of `canary`, `rolling`"],
  [{ kind: "canary" }, "/kind", "unknown key `kind`; it belongs in `inner`"],
  [{ nonsense: 1 }, "/nonsense", "unknown key `nonsense`"],
  [{ free: { a: "x" } }, "/free/a", "expected a number, found the string `x`"],
])("%o is explained at %s", (wrong, pointer, message) => {
  expect(explain({ ...sound, ...wrong })).toEqual({ [pointer]: message });
});

test("a key that would break the line is shown harmless", () => {
  expect(explain({ ...sound, "a\nb\u001b[31m": 1 })).toEqual({
    "/a\nb\u001b[31m": "unknown key `a?b?[31m`",
  });
});
