/**
 * @module The main use case: from an untrusted request to a decision that is on record.
 *
 * The order is the design: parse, normalise, decide (pure and synchronous), append, answer. What is
 * answered has been durable before.
 */

import { canonicalJson } from "../base/canonical-json.ts";
import { sha256Hex } from "../base/digest.ts";
import { BelayError } from "../base/errors.ts";
import { createId } from "../base/id.ts";
import type { JsonValue } from "../base/json.ts";
import { answerEntrypoint } from "../decision/answer.ts";
import type { Decision } from "../decision/decision.ts";
import { normaliseInput } from "../decision/normalise.ts";
import { defaultSkewMs } from "../decision/request/future-times.ts";
import { createCommitment, createSalt } from "../log/commitment.ts";
import type { DecisionLeaf, RecordedEntry, TreeHead } from "../log/entry.ts";
import type { AppendResult, IdempotencyKey, RecordStore } from "../store/record-store.ts";
import { acceptRequest } from "./accept-request.ts";
import type { DecideCall, RecordedDecision } from "./belay.ts";
import type { Crosschecking } from "./crosschecking.ts";
import type { Decided, Engine } from "./engine.ts";
import { decisionMarks } from "./history/filed-fact.ts";
import { loadHistory } from "./history/recorded-history.ts";
import { bundleName, leafBase, type Versions } from "./leaf-maker.ts";

export interface DecideDependencies {
  readonly store: RecordStore;
  readonly versions: Versions;
  readonly clockMs: () => number;
  /** The engine in force, read once per decision. */
  readonly engineInForce: () => Engine;
  readonly crosschecking: Crosschecking;
}

/**
 * @throws BelayError `invalid-request`, `clock-skew`, `idempotency-key-reused`, `mapping-not-found`,
 * `overloaded`, `log-sealed`
 */
export async function decide(
  deps: DecideDependencies,
  call: DecideCall,
): Promise<RecordedDecision> {
  const { store, versions, crosschecking } = deps;
  const nowMs = deps.clockMs();
  const engine = deps.engineInForce();
  const request = acceptRequest(call.request, engine, { nowMs, skewMs: defaultSkewMs });

  const key = call.idempotencyKey ?? request.request.idempotency_key;
  const idempotency =
    key === undefined
      ? undefined
      : { key, requestSha256: sha256Hex(canonicalJson(call.request as JsonValue)) };
  const earlier = idempotency === undefined ? undefined : await findEarlier(store, idempotency);
  if (earlier !== undefined) return earlier;

  const id = createId(nowMs);
  const caller = { subject: call.caller.subject, auth: call.caller.auth };
  const history = await loadHistory(store, request.release, nowMs);
  const input = normaliseInput(request, { id, nowMs, caller, history });
  const decided = await crosschecking.confirm(engine, input, engine.decide(input));
  const salt = createSalt();
  const leaf: DecisionLeaf = {
    ...leafBase(versions, nowMs, caller, id),
    kind: "decision",
    bundle: bundleName(engine.bundle),
    entrypoint: answerEntrypoint,
    verdict: decided.decision.verdict,
    codes: distinctCodes(decided.decision),
    input_c: createCommitment(salt, decided.inputJson),
    decision_c: createCommitment(salt, decided.decisionJson),
  };
  const appended = await store.append({
    leaf,
    body: { salt, input: decided.inputJson, decision: decided.decisionJson },
    ...(idempotency === undefined ? {} : { idempotency }),
    listing: {
      service: input.release.service,
      policies: [...new Set(decided.decision.reasons.map((reason) => reason.policy))],
    },
    marks: decisionMarks(input, decided.decision),
  });
  if (appended.outcome === "appended") crosschecking.sample(engine, decided);
  return answerOf(appended, decided, idempotency);
}

/** What an entry of the record says when it is read back as a decision. */
export function recordedDecision(
  entry: RecordedEntry,
  head: TreeHead,
  repeated: boolean,
): RecordedDecision {
  if (entry.body === undefined) {
    throw new BelayError("decision-not-found", `decision \`${entry.leaf.id}\` was erased`);
  }
  return {
    decision: JSON.parse(entry.body.decision) as Decision,
    decisionJson: entry.body.decision,
    record: placeOf(entry, head),
    repeated,
  };
}

async function findEarlier(
  store: RecordStore,
  idempotency: IdempotencyKey,
): Promise<RecordedDecision | undefined> {
  const found = await store.findByIdempotencyKey(idempotency.key);
  if (found === undefined) return undefined;
  if (found.requestSha256 !== idempotency.requestSha256) throw keyReused(idempotency.key);
  return recordedDecision(found.entry, await store.readHead(), true);
}

function answerOf(
  appended: AppendResult,
  decided: Decided,
  idempotency: IdempotencyKey | undefined,
): RecordedDecision {
  switch (appended.outcome) {
    case "appended":
      return {
        decision: decided.decision,
        decisionJson: decided.decisionJson,
        record: placeOf(appended.entry, appended.head),
        repeated: false,
      };
    case "duplicate":
      return recordedDecision(appended.entry, appended.head, true);
    case "key-reused":
      throw keyReused(idempotency?.key ?? "");
    case "channel-moved":
    case "lease-held":
      throw new BelayError("internal", "a decision moved a channel or took a lease");
  }
}

function keyReused(key: string): BelayError {
  return new BelayError(
    "idempotency-key-reused",
    `the idempotency key \`${key}\` belongs to another request body`,
  );
}

function placeOf(entry: RecordedEntry, head: TreeHead): RecordedDecision["record"] {
  return {
    leaf_index: entry.leafIndex,
    leaf_sha256: Buffer.from(entry.leafHash).toString("hex"),
    tree_size: head.treeSize,
    root_sha256: Buffer.from(head.rootHash).toString("hex"),
  };
}

/** At most 100: the leaf is bounded; the decision itself names them all. */
function distinctCodes(decision: Decision): readonly string[] {
  const codes = [decision.code, ...decision.reasons.map((reason) => reason.code)];
  return [...new Set(codes)].slice(0, 100);
}
