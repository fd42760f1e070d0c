/** @module Worked examples: a request and the decision it must give, run through the engine. */

import { z } from "@hono/zod-openapi";
import { parseYamlDocument } from "../base/yaml-document.ts";
import { escalationLevel, findingCode, findingKind, verdict } from "../decision/answer.ts";
import { type NormalisedInput, normaliseInput } from "../decision/normalise.ts";
import { historySchema } from "../decision/request/circumstance.ts";
import { defaultSkewMs } from "../decision/request/future-times.ts";
import { parseRequest } from "../decision/request.ts";
import type { SourceFile } from "../rego/toolchain/toolchain.ts";
import type { CaseResult } from "./belay.ts";
import type { Engine } from "./engine.ts";

const caseSchema = z.strictObject({
  description: z.string().min(1),
  /** The clock of the case, epoch ms. */
  now_ms: z.int().positive(),
  request: z.record(z.string(), z.json()),
  /** What the record knows; what the request itself says of the past is only claimed. */
  history: historySchema.optional(),
  want: z.strictObject({
    verdict,
    code: findingCode,
    level: escalationLevel.optional(),
    reasons: z.array(z.strictObject({ policy: z.string(), code: findingCode, kind: findingKind })),
  }),
});

/** Every case has the same id, so that what it gives never changes from run to run. */
const caseId = "00000000-0000-7000-8000-000000000000";

type ParsedCase =
  | {
      readonly ok: true;
      readonly description: string;
      readonly input: NormalisedInput;
      readonly want: z.infer<typeof caseSchema>["want"];
    }
  | { readonly ok: false; readonly description: string; readonly differences: readonly string[] };

/** Reads a case file as far as the input that is decided. */
export function parseCase(file: SourceFile): ParsedCase {
  const parsed = parseYamlDocument(file, caseSchema);
  if (!parsed.ok) {
    const differences = parsed.diagnostics.map((d) => `row ${d.row}: ${d.message}`);
    return { ok: false, description: "(unreadable)", differences };
  }
  const { description, now_ms: nowMs, request: raw, history = {}, want } = parsed.value;
  const request = parseRequest(raw, { nowMs, skewMs: defaultSkewMs });
  if (!request.ok) {
    const differences = request.issues.map((issue) => `request${issue.pointer}: ${issue.message}`);
    return { ok: false, description, differences };
  }
  const input = normaliseInput(request.request, {
    id: caseId,
    nowMs,
    caller: { subject: "case", auth: "none" },
    history,
  });
  return { ok: true, description, input, want };
}

/** Runs one case file. A file that does not parse is a failed case. */
export function runCase(file: SourceFile, engine: Engine): CaseResult {
  const parsed = parseCase(file);
  const { description } = parsed;
  if (!parsed.ok) {
    return { file: file.path, description, passed: false, differences: parsed.differences };
  }
  const { want } = parsed;
  const { decision } = engine.decide(parsed.input);
  const got = {
    verdict: decision.verdict,
    code: decision.code,
    level: decision.escalation?.level,
    reasons: decision.reasons.map(({ policy, code, kind }) => `${policy} ${code} ${kind}`),
  };
  const differences = [
    ...compare("verdict", want.verdict, got.verdict),
    ...compare("code", want.code, got.code),
    ...compare("level", want.level, got.level),
    ...compare(
      "reasons",
      want.reasons.map(({ policy, code, kind }) => `${policy} ${code} ${kind}`).join(", "),
      got.reasons.join(", "),
    ),
  ];
  return { file: file.path, description, passed: differences.length === 0, differences };
}

function compare(what: string, want: string | undefined, got: string | undefined): string[] {
  if (want === got) return [];
  return [
    `${what}: want ${want === "" || want === undefined ? "none" : want}, got ${got === "" || got === undefined ? "none" : got}`,
  ];
}
