/**
 * @module A drill as it is written: a release, and what happens around it on a timeline, with what
 * is wanted at each moment. It is YAML; docs/simulation.md explains every member.
 */

import { z } from "@hono/zod-openapi";
import type { Diagnostic } from "../../base/diagnostic.ts";
import type { JsonObject } from "../../base/json.ts";
import { findPlace, parseYamlDocument } from "../../base/yaml-document.ts";
import { escalationLevel, findingCode, verdict } from "../../decision/answer.ts";
import { epochMs, id, optional, text } from "../../decision/request/field.ts";
import type { SourceFile } from "../../rego/toolchain/toolchain.ts";

/** A drill is read by people; what lasts longer or has more in it is none. */
const eventsMax = 500;
const durationMaxS = 400 * 86_400;

const seconds = z.number().min(0).max(durationMaxS);
const jsonObject = z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>;

/** Says nothing of what it leaves out. */
const wantSchema = z
  .strictObject({
    verdict: optional(verdict),
    code: optional(findingCode),
    level: optional(escalationLevel),
    /** Codes that are among the reasons that count. */
    reasons: optional(z.array(findingCode)),
    /** Codes that are not. */
    no_reasons: optional(z.array(findingCode)),
    /** Of `verify`. */
    outcome: optional(z.enum(["recovered", "not_yet", "not_recovered"])),
    /** Every step in order, `1-artifact_revert checkout`; empty: no plan. */
    plan: optional(z.array(z.string())),
    /** Name of a release of the drill: both have the same plan. */
    same_plan_as: optional(id),
    data_loss: optional(z.enum(["none", "bounded", "unknown"])),
    state: optional(z.enum(["none", "pending", "running", "halted", "done", "closed"])),
    next: optional(z.array(z.string())),
    resolved: optional(z.enum(["proceed", "hold", "rollback", "none"])),
    /** Code of the error that it is refused with. */
    refused: optional(z.string()),
    repeated: optional(z.boolean()),
    /** Stands in the summary, in why a plan has halted, or in the refusal. */
    says: optional(z.string().min(1)),
  })
  .refine((want) => Object.keys(want).length > 0, { error: "wants nothing" });

const stepSchema = z
  .strictObject({
    id: optional(id),
    /** The first of those that may start, or run. */
    next: optional(z.literal(true)),
    /** Absent: it starts, and has succeeded `takes_s` later. */
    state: optional(z.enum(["started", "succeeded", "failed"])),
    takes_s: optional(seconds),
    attempt: optional(z.int().min(1)),
  })
  .refine((step) => (step.id === undefined) !== (step.next === undefined), {
    error: "expected `id` or `next: true`",
  })
  .refine((step) => step.takes_s === undefined || step.state === undefined, {
    error: "`takes_s` goes without `state`",
  });

const resolveSchema = z.strictObject({
  choice: z.enum(["proceed", "hold", "rollback"]),
  role: id.default("release-manager"),
  reason: text.default("a drill"),
  break_glass: z.boolean().default(false),
  expires_in_s: optional(seconds),
  /** Name of another release of the drill whose plan is agreed to instead. */
  plan_of: optional(id),
});

const outageSchema = z
  .strictObject({
    signals: optional(z.array(id).min(1)),
    provider: optional(id),
    status: z.enum(["no_data", "nan", "stale", "error"]).default("no_data"),
    until_s: seconds,
  })
  .refine((outage) => (outage.signals === undefined) !== (outage.provider === undefined), {
    error: "expected `signals` or `provider`",
  });

const kinds = ["ask", "verify", "step", "resolve", "outage", "look"] as const;

const eventSchema = z
  .strictObject({
    at_s: seconds,
    ask: optional(z.enum(["continue", "promote"])),
    verify: optional(z.literal(true)),
    step: optional(stepSchema),
    resolve: optional(resolveSchema),
    outage: optional(outageSchema),
    look: optional(z.literal(true)),
    /** Name of the release of the drill that it is about; the one of `base` where absent. */
    for: optional(id),
    /** Who; nobody that is known where absent. */
    by: optional(id),
    /** Idempotency key of a question. */
    key: optional(id),
    /** Members of `health` that are so from now on. */
    health: optional(jsonObject),
    /** What changes of the request from now on, as a merge patch. */
    set: optional(jsonObject),
    repeat: optional(z.strictObject({ every_s: seconds.min(1), count: z.int().min(2).max(200) })),
    want: optional(wantSchema),
  })
  .superRefine((event, context) => {
    const named = kinds.filter((kind) => event[kind] !== undefined);
    if (named.length !== 1) {
      const found = named.length === 0 ? "none" : named.join(" and ");
      context.addIssue(`expected one of ${kinds.join(", ")}, found ${found}`);
    }
    if (event.key !== undefined && event.ask === undefined) {
      context.addIssue({ code: "custom", path: ["key"], message: "only a question has a key" });
    }
  });

const drillSchema = z
  .strictObject({
    description: text,
    start_ms: epochMs,
    /** Parts of the request of every question. */
    base: jsonObject,
    /** Other releases by name: what differs from `base`, as a merge patch. */
    others: z.record(z.string().min(1), jsonObject).default({}),
    timeline: z.array(eventSchema).min(1).max(eventsMax),
    want_at_end: optional(wantSchema),
  })
  .superRefine(({ timeline, others, want_at_end: wantAtEnd }, context) => {
    const complain = (path: readonly PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path: ["timeline", ...path], message });
    let overS = 0;
    for (const [index, event] of timeline.entries()) {
      if (event.at_s < overS) complain([index, "at_s"], `lies before ${overS} s, where it was`);
      overS = Math.max(overS, endOf(event));
      const names = [
        ["for", event.for],
        ["want", event.want?.same_plan_as],
        ["resolve", event.resolve?.plan_of],
      ] as const;
      for (const [member, name] of names) {
        if (name === undefined || name === baseName || Object.hasOwn(others, name)) continue;
        complain([index, member], `the drill has no release \`${name}\``);
      }
    }
    if (wantAtEnd === undefined && timeline.every(({ want }) => want === undefined)) {
      complain([], "nothing is wanted, so nothing can fail");
    }
  });

/** What the release of `base` is called. */
export const baseName = "base";

export type Want = z.infer<typeof wantSchema>;
export type DrillEvent = z.infer<typeof eventSchema>;
export type EventKind = (typeof kinds)[number];

export interface Drill extends z.infer<typeof drillSchema> {
  readonly file: string;
  /** Row of each event in the file, and then that of `want_at_end` or the end of the timeline. */
  readonly rows: readonly number[];
}

export type ParsedDrill =
  | { readonly ok: true; readonly drill: Drill }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Every problem with its file, row and column. */
export function parseDrill(file: SourceFile): ParsedDrill {
  const parsed = parseYamlDocument(file, drillSchema);
  if (!parsed.ok) return parsed;
  const { timeline, want_at_end: wantAtEnd } = parsed.value;
  const rows = timeline.map((_, index) => findPlace(file.text, ["timeline", index]).row);
  const last =
    wantAtEnd === undefined ? (rows.at(-1) ?? 0) : findPlace(file.text, ["want_at_end"]).row;
  return { ok: true, drill: { ...parsed.value, file: file.path, rows: [...rows, last] } };
}

export function kindOf(event: DrillEvent): EventKind {
  return kinds.find((kind) => event[kind] !== undefined) ?? "look";
}

/** When the last of its repetitions is over, in seconds from the start. */
function endOf({ at_s: atS, repeat, step }: DrillEvent): number {
  const { every_s: everyS, count } = repeat ?? { every_s: 0, count: 1 };
  return atS + everyS * (count - 1) + (step?.takes_s ?? 0);
}
