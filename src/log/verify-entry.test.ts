import { describe, expect, test } from "vitest";
import { createCommitment } from "./commitment.ts";
import type { DecisionBody, DecisionLeaf, PromotionLeaf, StoredEntry } from "./entry.ts";
import { encodeLeaf } from "./leaf.ts";
import { leafHash } from "./merkle.ts";
import { checkLeaf, claimProblems, commitmentProblems, listedColumns } from "./verify-entry.ts";

const id = "01936f3e-5a10-7c3b-8f4e-2b6d0c1a9e77";
const digest = "ab".repeat(32);
const bundle = { name: "default", revision: digest, sha256: digest };
const salt = "cd".repeat(32);
const said = {
  input: JSON.stringify({ request: { id } }),
  decision: JSON.stringify({
    provenance: { bundle, decision_id: id, entrypoint: "belay/decision/answer" },
    verdict: "allow",
  }),
};
const body: DecisionBody = { salt, ...said };
const leaf: DecisionLeaf = {
  v: 1,
  id,
  time: "2026-03-01T12:00:00.000Z",
  caller: { subject: "ci", auth: "none" },
  engine: { belay: "0.1.0", opa: "1.22.2" },
  kind: "decision",
  bundle,
  entrypoint: "belay/decision/answer",
  verdict: "allow",
  codes: ["CLEAR"],
  input_c: createCommitment(salt, said.input),
  decision_c: createCommitment(salt, said.decision),
};

function entry(change: Partial<StoredEntry> = {}): StoredEntry {
  const leafBytes = encodeLeaf(leaf);
  return {
    leafIndex: 0,
    leafBytes,
    leafHash: leafHash(leafBytes),
    body,
    listed: listedColumns(leaf),
    ...change,
  };
}

describe("the leaf of an entry", () => {
  test("a sound one has no problems", () => {
    expect(checkLeaf(entry())).toEqual({ leafHash: entry().leafHash, leaf, problems: [] });
  });

  test("bytes that do not hash to the hash kept", () => {
    const checked = checkLeaf(entry({ leafHash: new Uint8Array(32) }));
    expect(checked.problems).toEqual(["the leaf does not hash to the leaf hash kept beside it"]);
    expect(checked.leafHash).toEqual(entry().leafHash);
  });

  test("bytes that are no leaf", () => {
    const leafBytes = new TextEncoder().encode("{}");
    const checked = checkLeaf(entry({ leafBytes, leafHash: leafHash(leafBytes) }));
    expect(checked.leaf).toBeUndefined();
    expect(checked.problems).toEqual([expect.stringContaining("the leaf cannot be read")]);
  });

  test.each([
    ["id", "01936f3e-5a10-7c3b-8f4e-000000000000"],
    ["kind", "promotion"],
    ["timeMs", 0],
    ["verdict", "rollback"],
    ["channel", "production"],
  ])("a column %s that says something else", (column, value) => {
    const listed = { ...listedColumns(leaf), [column]: value };
    expect(checkLeaf(entry({ listed })).problems).toEqual([
      `it is listed with ${column} \`${value}\`, not the leaf's`,
    ]);
  });

  test("a body where none belongs", () => {
    const { v, time, caller, engine } = leaf;
    const promotion: PromotionLeaf = {
      v,
      id,
      time,
      caller,
      engine,
      kind: "promotion",
      channel: "production",
      from: null,
      to: digest,
    };
    const leafBytes = encodeLeaf(promotion);
    const listed = listedColumns(promotion);
    const stored = entry({ leafBytes, leafHash: leafHash(leafBytes), listed });
    expect(checkLeaf(stored).problems).toEqual(["a promotion has a body"]);
  });
});

describe("the body of a decision", () => {
  test("a sound one has no problems", () => {
    expect(commitmentProblems(leaf, body)).toEqual([]);
    expect(claimProblems(leaf, body)).toEqual([]);
  });

  test("input, decision and salt are what the leaf commits to", () => {
    expect(commitmentProblems(leaf, { ...body, input: `${said.input} ` })).toEqual([
      "the input is not the one the leaf commits to",
    ]);
    expect(commitmentProblems(leaf, { ...body, decision: "{}" })).toEqual([
      "the decision is not the one the leaf commits to",
    ]);
    expect(commitmentProblems(leaf, { ...body, salt: "ee".repeat(32) })).toHaveLength(2);
    expect(commitmentProblems(leaf, { ...body, salt: "not a salt" })).toHaveLength(2);
  });

  test.each([
    ["request id of the input", { input: JSON.stringify({ request: { id: "other" } }) }],
    ["id of the decision", { decision: said.decision.replace(id, "other") }],
    ["verdict of the decision", { decision: said.decision.replace("allow", "rollback") }],
    ["entrypoint of the decision", { decision: said.decision.replace("/answer", "/other") }],
    ["bundle name of the decision", { decision: said.decision.replace("default", "other") }],
  ])("the %s is the leaf's", (what, change) => {
    expect(claimProblems(leaf, { ...body, ...change })).toEqual([`the ${what} is not the leaf's`]);
  });

  test.each(["", "null", "[]", '{"provenance":null}', '{"__proto__":{"verdict":"allow"}}'])(
    "a decision of %j claims nothing and throws nothing",
    (decision) => expect(claimProblems(leaf, { ...body, decision })).toHaveLength(6),
  );
});
