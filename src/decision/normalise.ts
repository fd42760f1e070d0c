/**
 * @module The normalised input: all that a policy sees, and what is recorded. It is the request with
 * its defaults, what the host knows (id, clock, caller, history) and the numbers derived from both.
 */

import { assert } from "../base/assert.ts";
import { deriveBreaches } from "./derived/breach.ts";
import { type BurnRow, deriveBurn } from "./derived/burn.ts";
import { type CompareRow, deriveComparisons } from "./derived/compare.ts";
import { type Coverage, deriveCoverage } from "./derived/coverage.ts";
import { deriveJudgement, type JudgeRow } from "./derived/judge/judgement.ts";
import {
  deriveFlap,
  derivePersistence,
  type Flap,
  listChecks,
  type PersistenceRow,
} from "./derived/persistence.ts";
import { deriveSequential, type SequentialRow } from "./derived/sequential.ts";
import { deriveShifts, type ShiftRow } from "./derived/shift.ts";
import type { Plan } from "./plan/plan-schema.ts";
import type { DecisionRequest, History } from "./request.ts";

export type Derived = {
  readonly burn: BurnRow[];
  readonly compare: CompareRow[];
  readonly shift: ShiftRow[];
  readonly sequential: SequentialRow[];
  readonly coverage: Coverage;
  readonly persistence: PersistenceRow[];
  readonly flap: Flap;
  /** Where the request asks for a judge. */
  readonly judge?: JudgeRow;
};

/** What the host adds. Nothing of it is believed when a caller says it. */
export interface HostContext {
  /** The id of the decision. */
  readonly id: string;
  /** The one clock reading of the decision, epoch ms. */
  readonly nowMs: number;
  readonly caller: { readonly subject: string; readonly auth: string };
  /** What the record knows of the service. */
  readonly history: RecordedHistory;
}

/** The rollback of the service that is under way, with its plan. */
export type ActiveRollback = NonNullable<History["active_rollback"]> & { readonly plan?: Plan };

export type RecordedHistory = Omit<History, "active_rollback"> & {
  readonly active_rollback?: ActiveRollback;
};

export type NormalisedInput = Omit<DecisionRequest, "request" | "history"> & {
  readonly request: Omit<DecisionRequest["request"], "id" | "now_ms" | "caller"> & {
    readonly id: string;
    readonly now_ms: number;
    readonly caller: { readonly subject: string; readonly auth: string };
  };
  readonly history: RecordedHistory &
    Required<Pick<History, "rollbacks" | "bad_digests">> & {
      /** The caller's own account of the past, which the record does not vouch for. */
      readonly claimed?: History;
    };
  readonly derived: Derived;
};

/**
 * Pure: the same request and context give the same input. A mapping must have been resolved into
 * signals before (`withSignals`).
 */
export function normaliseInput(request: DecisionRequest, context: HostContext): NormalisedInput {
  assert(request.health.mapping === undefined, "a mapping is resolved before normalisation");
  const { id, nowMs, caller, history } = context;
  const { history: claimed, ...rest } = request;
  return {
    ...rest,
    request: { ...request.request, id, now_ms: nowMs, caller: { ...caller } },
    history: {
      rollbacks: [],
      bad_digests: [],
      ...history,
      ...(claimed === undefined ? {} : { claimed }),
    },
    derived: derive(request, history, nowMs),
  };
}

/** `input` with what is derived from it computed anew: for an input that something was changed in. */
export function rederive(input: NormalisedInput): NormalisedInput {
  return { ...input, derived: derive(input, input.history, input.request.now_ms) };
}

function derive(request: DecisionRequest, history: History, nowMs: number): Derived {
  const burn = deriveBurn(request, nowMs);
  const compare = deriveComparisons(request);
  const shift = deriveShifts(request);
  const breached = deriveBreaches(request, { burn, compare, shift });
  const checks = listChecks(history, { at_ms: nowMs, breached });
  const judge = deriveJudgement(request);
  return {
    burn,
    compare,
    shift,
    sequential: deriveSequential(request, nowMs),
    coverage: deriveCoverage(request),
    persistence: derivePersistence(request, checks),
    flap: deriveFlap(checks),
    ...(judge === undefined ? {} : { judge }),
  };
}
