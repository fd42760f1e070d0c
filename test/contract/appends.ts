/** @module Sound append requests, for tests and benchmarks of a record store. */

import { canonicalJson } from "../../src/base/canonical-json.ts";
import { sha256Hex } from "../../src/base/digest.ts";
import { createId } from "../../src/base/id.ts";
import { createCommitment, createSalt } from "../../src/log/commitment.ts";
import type { BundleName, DecisionLeaf, LeafBase } from "../../src/log/entry.ts";
import type { AppendRequest } from "../../src/store/record-store.ts";

export interface DecisionOptions {
  readonly id?: string;
  readonly timeMs?: number;
  readonly service?: string;
  readonly verdict?: DecisionLeaf["verdict"];
  readonly policies?: readonly string[];
  readonly key?: string;
  readonly requestSha256?: string;
  /** Makes the body larger. */
  readonly padding?: string;
}

const bundle = bundleOf("decides");
const entrypoint = "belay/decision/answer";

export function decisionAppend(options: DecisionOptions = {}): AppendRequest {
  const { timeMs = Date.now(), service = "checkout", verdict = "allow", policies = [] } = options;
  const id = options.id ?? createId(timeMs);
  const salt = createSalt();
  const padding = options.padding ?? "";
  const input = canonicalJson({ release: { service }, request: { id }, ext: { padding } });
  const provenance = { decision_id: id, entrypoint, bundle: { ...bundle } };
  const decision = canonicalJson({ verdict, provenance });
  return {
    leaf: {
      ...leafBase(id, timeMs),
      kind: "decision",
      bundle,
      entrypoint,
      verdict,
      codes: ["CLEAR"],
      input_c: createCommitment(salt, input),
      decision_c: createCommitment(salt, decision),
    },
    body: { salt, input, decision },
    listing: { service, policies },
    ...(options.key !== undefined && {
      idempotency: {
        key: options.key,
        requestSha256: options.requestSha256 ?? sha256Hex(options.key),
      },
    }),
  };
}

/** The name of the bundle that `publicationAppend` publishes for `content`. */
export function bundleOf(content: string): BundleName {
  return {
    name: "default",
    revision: sha256Hex(`revision of ${content}`),
    sha256: sha256Hex(content),
  };
}

export function publicationAppend(content: string): AppendRequest {
  return {
    leaf: {
      ...leafBase(createId(Date.now()), Date.now()),
      kind: "publication",
      bundle: bundleOf(content),
    },
    archive: new TextEncoder().encode(content),
  };
}

/** `from` and `to`: contents as of `publicationAppend`. */
export function promotionAppend(channel: string, from: string | null, to: string): AppendRequest {
  return {
    leaf: {
      ...leafBase(createId(Date.now()), Date.now()),
      kind: "promotion",
      channel,
      from: from === null ? null : bundleOf(from).revision,
      to: bundleOf(to).revision,
    },
  };
}

export function stepAppend(): AppendRequest {
  return {
    leaf: {
      ...leafBase(createId(Date.now()), Date.now()),
      kind: "step",
      decision: createId(Date.now()),
      plan_id: `sha256:${sha256Hex("plan")}`,
      step: "1-artifact_revert",
      state: "started",
      attempt: 1,
      detail: "",
    },
  };
}

function leafBase(id: string, timeMs: number): LeafBase {
  return {
    v: 1,
    id,
    time: new Date(timeMs).toISOString(),
    caller: { subject: "test", auth: "none" },
    engine: { belay: "0.0.0", opa: "0.0.0" },
  };
}
