/** @module What `--demo` shows: a real request for each verdict, over real HTTP, on the record. */

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Decision } from "../decision/decision.ts";
import type { RecordPlace } from "../service/belay.ts";
import { verdictLine } from "./format/decision.ts";
import { ask } from "./server-client.ts";
import { plain, print, style } from "./terminal.ts";

const names = ["allow", "rollback", "escalate"];

export async function demonstrate(serverUrl: string): Promise<void> {
  for (const name of names) {
    const file = requestFile(name);
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    const path = "/v1/decisions";
    const answer = await ask<Decision & { record: RecordPlace }>(serverUrl, {
      method: "POST",
      path,
      json,
    });
    const { leaf_index: index, tree_size: size } = answer.record;
    print("");
    print(`${verdictLine(answer)}  ${style("dim", shownFile(file))}`);
    print(`  ${plain(answer.summary)}`);
    print(`  on record as entry ${index} of ${size}: ${answer.provenance.decision_id}`);
  }
  const file = shownFile(requestFile("rollback"));
  print("");
  print("Try it:");
  print(`  curl -s ${serverUrl}/v1/decisions -H 'content-type: application/json' -d @${file}`);
  print("Ctrl-C ends it.");
}

function requestFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/requests/${name}.json`, import.meta.url));
}

/** As short as it can be typed from here. */
function shownFile(file: string): string {
  const path = relative("", file);
  return path.startsWith("..") ? file : path;
}
