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
    "5a5a8923da13cb43f2c65dc1cfa567c5a27808562533679c0ab43d1a4d21b080",
  ],
  [
    "examples/requests/escalate.json",
    "c584e90580b48aae89a5f4793f3b46f5bfe1f9f95f332fbca52a0df1c47c5c9c",
  ],
  [
    "examples/requests/rollback.json",
    "3bcf5c7b07abbf3a39569dfab13a0af1fe90eccc6b70b475ea13d2cdf8bded46",
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
    "b0b63daf10ba9aa37c2d16e60eace93c4002605d49df9c322a51766ef7f8b400",
  );
});
