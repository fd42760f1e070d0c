/**
 * What is recorded is hashed, committed to and replayed for ever: the same request gives the same
 * bytes in every version of Belay. Where a hash below changes, records made before can no longer be
 * decided again to the same text, and that has to be meant.
 */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/base/canonical-json.ts";
import { sha256Hex } from "../../src/base/digest.ts";
import { parseJsonText } from "../../src/base/json-text.ts";
import { normaliseInput } from "../../src/decision/normalise.ts";
import { parseRequest } from "../../src/decision/request.ts";
import { createCommitment } from "../../src/log/commitment.ts";
import { encodeLeaf } from "../../src/log/leaf.ts";
import { leafHash } from "../../src/log/merkle.ts";

const nowMs = 1_767_225_600_000;
const id = "00000000-0000-7000-8000-000000000000";
const caller = { subject: "golden", auth: "none" };
const salt = "5a".repeat(32);

function inputOf(file: string): string {
  const parsed = parseJsonText(readFileSync(new URL(`../../${file}`, import.meta.url)));
  if (!parsed.ok) throw new Error(parsed.message);
  const request = parseRequest(parsed.value, { nowMs, skewMs: 0 });
  if (!request.ok) throw new Error(JSON.stringify(request.issues));
  return canonicalJson(normaliseInput(request.request, { id, nowMs, caller, history: {} }));
}

test.each([
  [
    "examples/requests/allow.json",
    "16f3003aa944d4a97daee2404e43d32d87e4236b3b8064bca25b20c17ac45d39",
  ],
  [
    "examples/requests/escalate.json",
    "5e79a6b9e0e090e8f2ac72d37a7bc52542ecc61ea94f9b19a0140302e4c40907",
  ],
  [
    "examples/requests/rollback.json",
    "ea3ca2e0c24aeae8e788623cdc40db7c11fa45fed44ffdfd9b219e01fb34bacf",
  ],
])("the normalised input of %s", (file, sha256) => {
  expect(sha256Hex(inputOf(file))).toBe(sha256);
});

test("the leaf of a decision, its commitments and its hash", () => {
  const input = inputOf("examples/requests/rollback.json");
  const bytes = encodeLeaf({
    v: 1,
    id,
    time: new Date(nowMs).toISOString(),
    caller,
    engine: { belay: "0.1.0", opa: "1.22.2" },
    kind: "decision",
    bundle: { name: "default", revision: "ab".repeat(32), sha256: "cd".repeat(32) },
    entrypoint: "belay/decision/answer",
    verdict: "rollback",
    codes: ["CANARY_WORSE", "SLO_FAST_BURN"],
    input_c: createCommitment(salt, input),
    decision_c: createCommitment(salt, "{}"),
  });
  expect(Buffer.from(leafHash(bytes)).toString("hex")).toBe(
    "0bd1e5100f91c5c08bfd587588f3fd4a4341499b2e74883a55c69f769d0ccbe6",
  );
});
