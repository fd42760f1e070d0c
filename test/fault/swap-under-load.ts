/** @module Bundles swapped to and fro while decisions are asked for over HTTP, on a real record. */

import { Agent } from "node:http";
import type { Verification } from "../../src/log/verify.ts";
import type { Belay } from "../../src/service/belay.ts";
import { healthyRequest } from "../http/requests.ts";
import { ask } from "./fresh-request.ts";
import { startThreads } from "./started-threads.ts";

export interface SwapResult {
  /** Decisions answered, by the revision they name. */
  readonly decidedBy: ReadonlyMap<string, number>;
  /** Decisions asked for right after a move was answered that name another revision. */
  readonly misnamed: number;
  readonly moves: number;
  readonly verification: Verification;
}

const caller = { subject: "test", auth: "none" };
const asking = 16;

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

/** Asks for `decisions` decisions, 16 at a time, while production moves to and fro all along. */
export async function swapUnderLoad(decisions: number): Promise<SwapResult> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "belay-swap-"));
  const belay = await composeBelay({ dataDirectory });
  try {
    const first = (await belay.loadChannel("production")).revision;
    const second = await publishQuiet(belay);
    const decidedBy = new Map<string, number>();
    let left = decisions;
    async function ask(): Promise<string> {
      const { decision } = await belay.decide({ request: healthyRequest(), caller });
      const { revision } = decision.provenance.bundle;
      decidedBy.set(revision, (decidedBy.get(revision) ?? 0) + 1);
      return revision;
    }
    async function askAllAlong(): Promise<void> {
      while (left-- > 0) await ask();
    }
    let moves = 0;
    let misnamed = 0;
    async function moveAllAlong(): Promise<void> {
      while (left > 0) {
        const target = moves % 2 === 0 ? second : first;
        await belay.promote("production", target, caller);
        moves++;
        if ((await ask()) !== target) misnamed++;
      }
    }
    await Promise.all([moveAllAlong(), ...Array.from({ length: asking }, askAllAlong)]);
    return { decidedBy, misnamed, moves, verification: await belay.verifyRecord() };
  } finally {
    await belay.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

async function publishQuiet(belay: Belay): Promise<string> {
  const publication = await belay.publishPack({ files: quietPack }, caller);
  if (publication.outcome === "refused") throw new Error(JSON.stringify(publication.diagnostics));
  return publication.bundle.revision;
}
