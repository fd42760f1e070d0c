/** @module From an untrusted value to a request that can be decided, with its mapping resolved. */

import { BelayError, errorCatalogue } from "../base/errors.ts";
import {
  type Clock,
  type DecisionRequest,
  type ParsedRequest,
  parseRequest,
  withSignals,
} from "../decision/request.ts";
import type { Engine } from "./engine.ts";
import { createSnapshotFrom } from "./snapshot.ts";

/** @throws BelayError `invalid-request`, `clock-skew`, `input-too-large`, `mapping-not-found` */
export function acceptRequest(raw: unknown, engine: Engine, clock: Clock): DecisionRequest {
  const request = accepted(parseRequest(raw, clock));
  const { mapping } = request.health;
  if (mapping === undefined) return request;
  const snapshot = createSnapshotFrom(engine.bundle, mapping.name, mapping.answers, {
    nowMs: clock.nowMs,
    service: request.release.service,
  });
  return accepted(withSignals(request, snapshot, clock));
}

function accepted(parsed: ParsedRequest): DecisionRequest {
  if (parsed.ok) return parsed.request;
  throw new BelayError(parsed.code, errorCatalogue[parsed.code].title, { issues: parsed.issues });
}
