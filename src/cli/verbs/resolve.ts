/** @module `belay resolve`: a human's answer to an escalation. */

import { userInfo } from "node:os";
import { Argument } from "commander";
import { BelayError } from "../../base/errors.ts";
import type { Decision } from "../../decision/decision.ts";
import type { RollbackState } from "../../service/rollback/rollback-state.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { rollbackText } from "../format/rollback.ts";
import { ask, serverOption } from "../server-client.ts";
import { print, printJson } from "../terminal.ts";
import { createVerb, formatOption, jsonOption, run } from "../verb.ts";

interface ResolveOptions {
  readonly server: string;
  readonly format: string;
  readonly role: string;
  readonly reason: string;
  readonly as?: string;
  readonly plan?: string;
  readonly breakGlass?: boolean;
}

export const resolveVerb = createVerb({
  name: "resolve",
  purpose: "answer an escalation: proceed, hold or rollback",
  notes: [
    "One person's answer, kept for ever with the name, the role and the reason. How many have to",
    "agree depends on the tier; who made the release never suffices alone. Whoever agrees to roll",
    "back agrees to the plan as it was shown: --plan takes the first digits of its id.",
  ],
  examples: [
    {
      line: "belay resolve ID rollback --plan 3b0c4429 --role sre --reason 'the backup was tried'",
      says: "agrees to that plan",
    },
    {
      line: "belay resolve ID hold --role sre --reason 'looking at it'",
      says: "leaves things as they are",
    },
  ],
  exits: {
    0: "taken, and it is enough",
    1: "taken, and more people have to agree; or it cannot be taken now",
    2: "no such decision, or the answer is not complete",
    3: "no server answers, or its record cannot be written",
  },
})
  .argument("<id>", "id of a decision on record")
  .addArgument(new Argument("<choice>", "the answer").choices(["proceed", "hold", "rollback"]))
  .requiredOption("--role <role>", "in which role you answer")
  .requiredOption("--reason <text>", "why; kept for ever")
  .option("--plan <id>", "the plan you agree to; 8 of its hex digits or more")
  .option("--as <name>", "your name; that of the user of this machine where absent")
  .option("--break-glass", "alone and outside the rules, for an hour at most")
  .addOption(serverOption())
  .addOption(formatOption("pretty", "json"))
  .addOption(jsonOption())
  .action(run(resolve));

async function resolve(id: string, choice: string, options: ResolveOptions): Promise<ExitCode> {
  const { server, role, reason, plan: prefix, breakGlass } = options;
  const path = `/v1/decisions/${encodeURIComponent(id)}`;
  const planId = prefix === undefined ? undefined : await findPlan(server, path, prefix);
  const state = await ask<RollbackState>(server, {
    method: "POST",
    path: `${path}/resolution`,
    caller: options.as ?? userInfo().username,
    json: {
      choice,
      role,
      reason,
      ...(planId === undefined ? {} : { plan_id: planId }),
      ...(breakGlass === true ? { break_glass: true } : {}),
    },
  });
  if (options.format === "json") printJson(state);
  else print(rollbackText(state));
  return state.resolved.choice === undefined ? exitCode.no : exitCode.done;
}

/** The plan of the decision, if `prefix` stands for it. */
async function findPlan(server: string, path: string, prefix: string): Promise<string> {
  const { plan } = await ask<Decision>(server, { path });
  const given = prefix.replace(/^sha256:/, "");
  if (!/^[0-9a-f]{8,64}$/.test(given)) {
    throw new BelayError("usage", `\`${prefix}\` is not the id of a plan: 8 to 64 hex digits`);
  }
  const id = plan?.plan_id ?? "";
  if (id.startsWith(`sha256:${given}`)) return id;
  const own = id === "" ? "it has none" : `its plan is ${id}`;
  throw new BelayError("plan-mismatch", `the decision has no plan ${given}: ${own}`);
}
