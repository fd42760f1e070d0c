import type { z } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import {
  count,
  digest,
  durationS,
  epochMs,
  id,
  json,
  optional,
  ratio,
  sha256,
  text,
  url,
} from "./field.ts";
import { showValue } from "./show-value.ts";

const hex = "0123456789abcdef".repeat(4);

test.each<[string, z.ZodType, unknown[]]>([
  ["id", id, ["a", "a/b c", "é 😀", "x".repeat(200)]],
  ["text", text, ["x".repeat(1_000)]],
  ["url", url, ["https://prometheus.example/api/v1/query?query=up", "http://[::1]:9090"]],
  ["digest", digest, [`sha256:${hex}`, `sha512:${hex}${hex}`]],
  ["sha256", sha256, [hex]],
  ["epochMs", epochMs, [946_684_800_000, 1_767_225_600_000, 4_102_444_800_000]],
  ["durationS", durationS, [0, 0.5, 1e9]],
  ["ratio", ratio, [0, 0.999, 1, 5e-324]],
  ["count", count, [0, 1, Number.MAX_SAFE_INTEGER]],
  ["json", json, [null, { a: [1, "x"] }]],
])("%s takes what is sane", (_name, schema, values) => {
  expect(values.filter((value) => !schema.safeParse(value).success)).toEqual([]);
});

test.each<[string, z.ZodType, unknown[]]>([
  [
    "id",
    id,
    ["", "x".repeat(201), "a\tb", "a\u0000", "a\u0085", "a\u2028b", "a\u202e", "a\u2066", 1],
  ],
  ["text", text, ["x".repeat(1_001), "a\nb"]],
  ["url", url, ["", "javascript:alert(1)", "ftp://a", "https://a b", "file:///etc/passwd"]],
  [
    "digest",
    digest,
    [hex, "sha256:ab", `sha256:${hex.toUpperCase()}`, `md5:${hex}`, `SHA256:${hex}`],
  ],
  ["sha256", sha256, [hex.slice(1), `${hex}0`, hex.toUpperCase()]],
  ["epochMs", epochMs, [0, 1_767_225_600, 1.5e12 + 0.5, 1e16, "1767225600000", Infinity]],
  ["durationS", durationS, [-1, 1e10, Number.NaN, "1"]],
  ["ratio", ratio, [-Number.EPSILON, 1.1, 99.9, Number.NaN, "0.5"]],
  ["count", count, [-1, 0.5, 2 ** 53, Number.NaN, "0", 1n]],
])("%s refuses what is not", (_name, schema, values) => {
  expect(values.filter((value) => schema.safeParse(value).success)).toEqual([]);
});

test.each([
  [1_767_225_600, "which looks like seconds"],
  [1_767_225_600_000_000, "which looks like microseconds"],
  [1, "which is not between the years 2000 and 2100"],
])("the time %o is told from milliseconds", (time, hint) => {
  expect(epochMs.safeParse(time).error?.issues[0]?.message).toBe(
    `expected epoch milliseconds, found \`${time}\`, ${hint}`,
  );
});

test("what is optional may be absent", () => {
  expect(optional(id).safeParse(undefined).success).toBe(true);
});

test.each([
  [undefined, "nothing"],
  [null, "null"],
  [[1, 2], "an array of 2"],
  [{ a: 1 }, "an object"],
  [1.5, "`1.5`"],
  [false, "`false`"],
  [1n, "a bigint"],
  ["line\nbreak\u202e", "the string `line?break?`"],
  ["x".repeat(100_000), `the string \`${"x".repeat(40)}…\``],
])("the value %o is shown in a few words", (value: unknown, shown) => {
  expect(showValue(value)).toBe(shown);
});
