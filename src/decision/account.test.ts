import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createAccount } from "./account.ts";
import type { Finding } from "./answer.ts";
import { composeDecision } from "./compose-decision.ts";
import type { Decision } from "./decision.ts";
import { normaliseInput } from "./normalise.ts";
import { parseRequest } from "./request.ts";

const nowMs = 1_767_225_600_000;

function decisionOf(message: string, service = "checkout"): Decision {
  const raw = {
    release: {
      service,
      env: "production",
      candidate: { version: "2.4.0" },
      stable: { version: "2.3.9" },
    },
    health: { signals: [{ id: "errors", sli: "availability", bad: 38, total: 1_000 }] },
  };
  const parsed = parseRequest(raw, { nowMs, skewMs: 0 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const caller = { subject: "t", auth: "none" };
  const input = normaliseInput(parsed.request, { id: "one", nowMs, caller, history: {} });
  const finding: Finding = {
    policy: "canary_compare",
    kind: "regression",
    code: "CANARY_WORSE",
    severity: "critical",
    message,
    evidence: [{ path: "/health/signals/0/bad", observed: 38, op: ">=", threshold: 3, n: 1_000 }],
    counted: true,
  };
  return composeDecision({
    input,
    inputSha256: "ab",
    answer: {
      verdict: "rollback",
      code: "CANARY_WORSE",
      row: 3,
      findings: [finding],
      errors: [],
      policies: {},
    },
    bundle: { name: "default", revision: "cd".repeat(32), sha256: "ef" },
    wasmSha256: "01",
    entrypoint: "belay/decision/answer",
    rules: [],
  });
}

test("tells what was decided, why, what would have changed it, and how to go back", () => {
  const decision = decisionOf("3.8 % bad");
  const [reason] = decision.reasons;
  if (reason === undefined) throw new Error("there is no reason");
  const flip = { path: "/health/signals/0/bad", from: 38, to: 2, verdict: "allow" as const };
  const account = createAccount({ ...decision, reasons: [{ ...reason, would_flip: flip }] });
  expect(account).toContain("# checkout: roll back 2.4.0 to 2.3.9: 3.8 % bad\n");
  expect(account).toContain("**rollback**, code `CANARY_WORSE`, for checkout in production.");
  expect(account).toContain("**CANARY_WORSE** (regression, critical): 3.8 % bad.");
  expect(account).toContain(
    "| /health/signals/0/bad | 38 | >= 3 | 35 | 1000 |".replace(">", "&#62;"),
  );
  expect(account).toContain(
    "With 2 instead of 38 at /health/signals/0/bad the verdict would have been **allow**.",
  );
  expect(account).toContain("| 1-artifact\\_revert | checkout | 2.3.9 |  | retry |");
  expect(account.endsWith("|\n")).toBe(true);
});

test.each([
  ["a row of its own", "a | b", "a \\| b"],
  ["a link", "[click](https://evil.example)", "\\[click\\](https&#58;//evil.example)"],
  ["an address", "see www.evil.example", "see www&#46;evil.example"],
  ["a tag", "<img src=x onerror=alert(1)>", "&#60;img src=x onerror=alert(1)&#62;"],
  ["a mention", "@everyone", "&#64;everyone"],
  ["emphasis", "**all is well**", "\\*\\*all is well\\*\\*"],
  ["code", "`x`", "\\`x\\`"],
  ["an entity", "&lt;b&gt;", "&#38;lt;b&#38;gt;"],
])("a message cannot make %s", (_name, message, shown) => {
  expect(createAccount(decisionOf(message))).toContain(shown);
});

test("whatever a message holds, the account has the same lines", () => {
  const plain = createAccount(decisionOf("seen")).split("\n").length;
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), (text) => {
      const account = createAccount(decisionOf(`${text}x`));
      expect(account.split("\n")).toHaveLength(plain);
      expect(account).not.toMatch(/<[a-z/!]/i);
    }),
  );
});
