/**
 * @module How well the tests of a policy watch it: each policy is changed in small ways, one at a
 * time, and a change that no test and no case notices is a survivor. Changes are made and run in the
 * toolchain, by OPA's interpreter; nothing is written.
 */

import { BelayError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { isCase, isTestModule, type Pack } from "../bundle/pack.ts";
import type {
  Checked,
  Example,
  Mutant,
  MutantOutcome,
  MutantsRequest,
  SourceFile,
  Toolchain,
} from "../rego/toolchain/toolchain.ts";
import { parseCase } from "./case.ts";

export interface TriedMutant extends Mutant, MutantOutcome {}

export interface MutationSummary {
  readonly killed: number;
  readonly survived: number;
  /** Changes that do not compile; they count neither way. */
  readonly stillborn: number;
  /** Percent of those that compile that were killed, 0..100, rounded down to a tenth. */
  readonly score: number;
  /** All of them, in the order of the source. */
  readonly mutants: readonly TriedMutant[];
}

export interface MutatedSources {
  readonly sources: MutantsRequest;
  readonly examples: readonly Example[];
}

export interface MutationRequest extends MutatedSources {
  readonly toolchain: Toolchain;
  /** Told after each batch. */
  readonly onProgress?: (triedCount: number, mutantCount: number) => void;
}

/** As many as make a call worth its compilation, and leave it far from its deadline. */
const batchLength = 20;

export async function tryMutants(request: MutationRequest): Promise<Checked<MutationSummary>> {
  const { sources, toolchain, onProgress } = request;
  const listed = await toolchain.mutants(sources);
  if (!listed.ok) return listed;
  const { mutants } = listed;
  const prepared = await prepareMutation(request);
  if (!prepared.ok) return prepared;
  const tried: TriedMutant[] = [];
  while (tried.length < mutants.length) {
    const batch = mutants.slice(tried.length, tried.length + batchLength);
    const outcomes = await tryBatch(
      request,
      batch.map((_, index) => tried.length + index),
    );
    if (!outcomes.ok) return outcomes;
    const joined = outcomes.outcomes.map((outcome, index) => ({
      ...(batch[index] as Mutant),
      ...outcome,
    }));
    tried.push(...joined);
    onProgress?.(tried.length, mutants.length);
  }
  return { ok: true, ...summariseMutants(tried) };
}

type Outcomes = Checked<{ readonly outcomes: readonly MutantOutcome[] }>;

/** What all mutants need is made, and kept by the toolchain, in a call of its own. */
function prepareMutation({ sources, examples, toolchain }: MutationRequest): Promise<Outcomes> {
  return toolchain.mutate({ ...sources, examples, mutants: [] });
}

/** A change that the toolchain does not survive is tried apart from the others, and noticed. */
async function tryBatch(request: MutationRequest, mutants: readonly number[]): Promise<Outcomes> {
  const { sources, examples, toolchain } = request;
  try {
    return await toolchain.mutate({ ...sources, examples, mutants });
  } catch (error) {
    const isBeyondBounds =
      error instanceof BelayError &&
      (error.code === "toolchain-deadline" || error.code === "toolchain-crashed");
    if (!isBeyondBounds) throw error;
    if (mutants.length === 1) {
      const outcome = { outcome: "killed", by: error.message, reachedBy: 0 } as const;
      return { ok: true, outcomes: [outcome] };
    }
    const outcomes: MutantOutcome[] = [];
    await prepareMutation(request);
    for (const mutant of mutants) {
      const alone = await tryBatch(request, [mutant]);
      if (!alone.ok) return alone;
      outcomes.push(...alone.outcomes);
    }
    return { ok: true, outcomes };
  }
}

/** What the mutants of several folders come to. */
export function summariseMutants(tried: readonly TriedMutant[]): MutationSummary {
  const count = (wanted: MutantOutcome["outcome"]): number =>
    tried.filter(({ outcome }) => outcome === wanted).length;
  const [killed, survived, stillborn] = [count("killed"), count("survived"), count("stillborn")];
  const born = killed + survived;
  const score = born === 0 ? 100 : Math.floor((1000 * killed) / born) / 10;
  return { killed, survived, stillborn, score, mutants: tried };
}

/** The policies of a pack are changed, its library is not; its cases must decide as they did. */
export function packMutation(pack: Pack, library: readonly SourceFile[]): MutatedSources {
  return {
    sources: {
      files: [...library, ...pack.modules],
      data: pack.data,
      targets: targetsOf(pack.modules),
    },
    examples: pack.documents.filter(isCase).flatMap(exampleOf),
  };
}

export function targetsOf(files: readonly SourceFile[]): readonly string[] {
  return files.filter((file) => !isTestModule(file)).map((file) => file.path);
}

/** What a case wants of a decision, of the answer that it is composed from. */
const caseQuery = [
  "[data.belay.decision.answer.verdict",
  "data.belay.decision.answer.code",
  'object.get(data.belay.decision.answer, "level", "")',
  "[[f.policy, f.code, f.kind] | some f in data.belay.decision.answer.findings]]",
].join(", ");

function exampleOf(file: SourceFile): readonly Example[] {
  const parsed = parseCase(file);
  if (!parsed.ok) return [];
  const { input } = parsed;
  const document = input as unknown as JsonValue;
  return [{ name: file.path, query: caseQuery, input: document, nowMs: input.request.now_ms }];
}
