/** @module Deciding a recorded input again, with the recorded bundle or any other that is kept. */

import { canonicalJson } from "../base/canonical-json.ts";
import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { compareJson } from "../base/json-difference.ts";
import type { Decision } from "../decision/decision.ts";
import type { NormalisedInput } from "../decision/normalise.ts";
import type { DecisionBody, DecisionLeaf } from "../log/entry.ts";
import type { RecordReader } from "../store/record-store.ts";
import type { Replay } from "./belay.ts";
import type { EnginePool } from "./engine-pool.ts";

export interface RecordedDecisionEntry {
  readonly leaf: DecisionLeaf;
  readonly body: DecisionBody;
}

/** @throws BelayError `decision-not-found` where there is none, or its body was erased */
export async function loadDecisionEntry(
  reader: RecordReader,
  id: string,
): Promise<RecordedDecisionEntry> {
  const entry = await reader.findEntry(id);
  if (entry?.leaf.kind !== "decision" || entry.body === undefined) {
    throw new BelayError("decision-not-found", `no decision \`${id}\` is on record`);
  }
  return { leaf: entry.leaf, body: entry.body };
}

export async function replay(
  reader: RecordReader,
  engines: EnginePool,
  id: string,
  revision?: string,
): Promise<Replay> {
  const { leaf, body } = await loadDecisionEntry(reader, id);
  const engine = await engines.loadEngine(revision ?? leaf.bundle.revision);
  const input = JSON.parse(body.input) as NormalisedInput;
  const recorded = JSON.parse(body.decision) as Decision;
  // What made the host doubt the rules is part of what was decided from, as the input is.
  const isSameBundle = engine.bundle.revision === leaf.bundle.revision;
  const replayed = engine.decide(input, isSameBundle ? recorded.provenance.doubt : undefined);
  const differences = compareJson(recorded, JSON.parse(replayed.decisionJson) as JsonValue).map(
    ({ path, left, right }) => ({ path, recorded: left ?? null, replayed: right ?? null }),
  );
  return {
    same: canonicalJson(recorded) === replayed.decisionJson,
    recorded,
    replayed: replayed.decision,
    revision: engine.bundle.revision,
    differences,
  };
}
