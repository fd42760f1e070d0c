/** @module Bundles swapped to and fro while decisions are asked for over HTTP, on a real record. */

import { Agent } from "node:http";
import type { Decision } from "../../src/decision/decision.ts";
import type { Verification } from "../../src/log/verify.ts";
import type { Belay } from "../../src/service/belay.ts";
import { healthyRequest } from "../http/requests.ts";
import { ask } from "./fresh-request.ts";
import { startThreads } from "./started-threads.ts";

export interface SwapResult {
  /** Decisions answered, by the revision they name. */
  readonly decidedBy: ReadonlyMap<string, number>;
  /** Decisions that name another revision than the one in force all the while they were made. */
  readonly misnamed: number;
  /** Decisions of which that could be told: no move was under way. */
  readonly told: number;
  readonly moves: number;
  readonly verification: Verification;
}

const caller = { subject: "test", auth: "none" };
const asking = 16;

/** Decisions asked for after each move. */
export const askedAfterMove = 4;

const quietPack = [
  { path: "pack.yaml", text: "name: quiet\n" },
  {
    path: "quiet/policy.rego",
    text: `package belay.policies.quiet

finding contains {
	"kind": "note",
	"code": "QUIET",
	"severity": "info",
	"message": "nothing to say",
	"evidence": [],
} if {
	input.release.service == "quiet"
}
`,
  },
  {
    path: "quiet/policy_test.rego",
    text: `package belay.policies.quiet_test

import data.belay.policies.quiet

test_says_nothing_of_others if {
	quiet.finding == set() with input as {"release": {"service": "checkout"}}
}
`,
  },
];

/** What is asked of a server whose production channel moves to and fro. */
class SwapRun {
  readonly decidedBy = new Map<string, number>();
  misnamed = 0;
  told = 0;
  moves = 0;
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: asking });
  /** Moves begun and moves answered. */
  #moveSteps = 0;
  #inForce: string;

  constructor(url: string, inForce: string) {
    this.#url = url;
    this.#inForce = inForce;
  }

  /** `agent`: whose connections to use; one of its own where absent. */
  async ask(agent?: Agent): Promise<void> {
    const [inForce, moveSteps] = [this.#inForce, this.#moveSteps];
    const { status, text } = await ask(`${this.#url}/v1/decisions`, {
      method: "POST",
      json: healthyRequest(),
      ...(agent === undefined ? {} : { agent }),
    });
    if (status !== 200) throw new Error(`${String(status)}: ${text}`);
    const { revision } = (JSON.parse(text) as Decision).provenance.bundle;
    this.decidedBy.set(revision, (this.decidedBy.get(revision) ?? 0) + 1);
    if (moveSteps % 2 === 1 || moveSteps !== this.#moveSteps) return;
    this.told += 1;
    if (revision !== inForce) this.misnamed += 1;
  }

  async askAllAlong(hasMore: () => boolean): Promise<void> {
    while (hasMore()) await this.ask(this.#agent);
  }

  async move(revision: string): Promise<void> {
    this.#moveSteps += 1;
    const url = `${this.#url}/v1/channels/production`;
    const { status, text } = await ask(url, { method: "PUT", json: { revision } });
    if (status !== 200) throw new Error(`${String(status)}: ${text}`);
    this.#inForce = revision;
    this.#moveSteps += 1;
    this.moves += 1;
  }

  end(): void {
    this.#agent.destroy();
  }
}

/**
 * Asks for `decisions` decisions, 16 at a time, of a server of two threads, while production moves
 * to and fro all along; after each move, four more are asked for over connections of their own.
 */
export async function swapUnderLoad(decisions: number): Promise<SwapResult> {
  const server = await startThreads(2);
  const { belay } = server;
  const first = (await belay.loadChannel("production")).revision;
  const second = await publishQuiet(belay);
  const run = new SwapRun(server.url, first);
  let left = decisions;
  async function moveAllAlong(): Promise<void> {
    while (left > 0) {
      await run.move(run.moves % 2 === 0 ? second : first);
      await Promise.all(Array.from({ length: askedAfterMove }, () => run.ask()));
    }
  }
  try {
    const askers = Array.from({ length: asking }, () => run.askAllAlong(() => left-- > 0));
    await Promise.all([moveAllAlong(), ...askers]);
    const { decidedBy, misnamed, told, moves } = run;
    return { decidedBy, misnamed, told, moves, verification: await belay.verifyRecord() };
  } finally {
    run.end();
    await server.close();
  }
}

async function publishQuiet(belay: Belay): Promise<string> {
  const publication = await belay.publishPack({ files: quietPack }, caller);
  if (publication.outcome === "refused") throw new Error(JSON.stringify(publication.diagnostics));
  return publication.bundle.revision;
}
