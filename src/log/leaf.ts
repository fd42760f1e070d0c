/**
 * @module A leaf as bytes: RFC 8785 JSON in UTF-8 and nothing but it. A leaf that reads back
 * differently from how it was written is no leaf.
 */

import { z } from "@hono/zod-openapi";
import { canonicalJson } from "../base/canonical-json.ts";
import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import type { Leaf } from "./entry.ts";

/** What one leaf may take. Tiles frame entries by a 16-bit length, which is four times as much. */
export const leafBytesMax = 16_384;

const text = z
  .string()
  .refine((value) => value.isWellFormed(), { error: "a lone surrogate has no UTF-8" });
const name = text.min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const code = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/);

const base = {
  v: z.literal(1),
  id: z.string().regex(uuidV7),
  time: z.string().refine(isTime, { error: "not RFC 3339 in UTC with milliseconds" }),
  caller: z.strictObject({ subject: text, auth: name }),
  engine: z.strictObject({ belay: name, opa: name }),
};
const bundle = z.strictObject({ name, revision: sha256, sha256 });

const planId = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const ofPlan = { decision: z.string().regex(uuidV7), plan_id: planId };

/** As generated code: each decision writes a leaf, and verifying a record reads millions. */
const leafSchema: z.ZodType<Leaf> = z.compile(
  z.discriminatedUnion("kind", [
    z.strictObject({
      ...base,
      kind: z.literal("decision"),
      bundle,
      entrypoint: name,
      verdict: z.enum(["allow", "rollback", "escalate"]),
      codes: z.array(code),
      input_c: sha256,
      decision_c: sha256,
    }),
    z.strictObject({ ...base, kind: z.literal("publication"), bundle }),
    z.strictObject({
      ...base,
      kind: z.literal("promotion"),
      channel: name,
      from: sha256.nullable(),
      to: sha256,
    }),
    z.strictObject({
      ...base,
      kind: z.literal("disagreement"),
      decision: z.string().regex(uuidV7),
      bundle,
      compiled: name,
      interpreted: name,
    }),
    z.strictObject({
      ...base,
      kind: z.literal("step"),
      ...ofPlan,
      step: name,
      state: z.enum(["started", "succeeded", "failed"]),
      attempt: z.int().min(1),
      detail: text.max(500),
    }),
    z.strictObject({
      ...base,
      kind: z.literal("verification"),
      ...ofPlan,
      judged_by: z.string().regex(uuidV7),
      outcome: z.enum(["recovered", "not_yet", "not_recovered"]),
    }),
    z.strictObject({
      ...base,
      kind: z.literal("resolution"),
      ...ofPlan,
      plan_id: planId.nullable(),
      choice: z.enum(["proceed", "hold", "rollback"]),
      role: name,
      break_glass: z.boolean(),
      expires: z.string().refine(isTime, { error: "not RFC 3339 in UTC with milliseconds" }),
      reason: text.min(1).max(1_000),
    }),
  ]),
  { strict: true },
);

/**
 * The canonical bytes of `leaf`. Throws `input-too-large` beyond `leafBytesMax`, and `internal`
 * for a leaf that `parseLeaf` would not take back.
 */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  const checked = leafSchema.safeParse(leaf);
  if (!checked.success) {
    throw new BelayError("internal", "the leaf does not fit its schema", { cause: checked.error });
  }
  const bytes = new TextEncoder().encode(canonicalJson(checked.data as unknown as JsonValue));
  if (bytes.length > leafBytesMax) {
    const message = `an entry's leaf takes ${bytes.length} bytes, at most ${leafBytesMax} are kept`;
    throw new BelayError("input-too-large", message);
  }
  return bytes;
}

export type ParsedLeaf =
  | { readonly ok: true; readonly leaf: Leaf }
  | { readonly ok: false; readonly message: string };

/** Reads bytes of any origin as a leaf. Exactly the bytes that `encodeLeaf` gives are accepted. */
export function parseLeaf(bytes: Uint8Array): ParsedLeaf {
  if (bytes.length > leafBytesMax) {
    return { ok: false, message: `more than ${leafBytesMax} bytes` };
  }
  let written: string;
  let value: unknown;
  try {
    written = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(written);
  } catch {
    return { ok: false, message: "not JSON in UTF-8" };
  }
  const parsed = leafSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? "" : `/${issue.path.join("/")}: ${issue.message}`;
    return { ok: false, message: `not a leaf: ${place}` };
  }
  // Repeated members, spaces, another order: whatever JSON.parse forgives shows here.
  if (canonicalJson(parsed.data as unknown as JsonValue) !== written) {
    return { ok: false, message: "not in canonical form" };
  }
  return { ok: true, leaf: parsed.data };
}

function isTime(time: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time)) return false;
  const ms = Date.parse(time);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === time;
}
