/** @module What is decided, and on what: a bundle and a request, for every server the same. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bundle } from "../../src/bundle/bundle.ts";
import { composeAuthor, loadBundleFile } from "../../src/compose.ts";
import { writePack } from "./pack.ts";
import { createRequest, signalCountOf } from "./request.ts";

export interface Subject {
  /** `default pack`, or `30 rules`. */
  readonly policies: string;
  readonly bundle: Bundle;
  readonly bundleFile: string;
  /** Body of the question to Belay. */
  readonly requestFile: string;
}

/** The pack that Belay ships, asked about 30 signals. */
export function defaultSubject(folder: string): Subject {
  const bundle = loadBundleFile();
  const requestFile = fileURLToPath(new URL("../request.json", import.meta.url));
  return { policies: "default pack", bundle, bundleFile: keep(folder, bundle), requestFile };
}

/** A pack of `ruleCount` rules for each of `inputSizes`, the bytes of the normalised input, about. */
export async function generateSubjects(
  folder: string,
  ruleCount: number,
  inputSizes: readonly number[],
): Promise<Subject[]> {
  mkdirSync(folder, { recursive: true });
  const pack = join(folder, `pack-${String(ruleCount)}`);
  writePack(pack, ruleCount, signalCountOf(Math.min(...inputSizes)));
  const built = await composeAuthor().build(pack);
  if (!built.ok)
    throw new Error(`the pack does not build: ${JSON.stringify(built.diagnostics[0])}`);
  const bundleFile = keep(folder, built.bundle);
  return inputSizes.map((bytes) => {
    const requestFile = join(folder, `request-${String(bytes)}.json`);
    writeFileSync(requestFile, createRequest(bytes));
    const policies = `${String(ruleCount)} rules`;
    return { policies, bundle: built.bundle, bundleFile, requestFile };
  });
}

function keep(folder: string, bundle: Bundle): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${bundle.name}.tar.gz`);
  writeFileSync(file, bundle.archive);
  return file;
}

/** What a server that was asked for `subject` answered, for comparing. */
export async function ask(port: number, path: string, bodyFile: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: readFileSync(bodyFile),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${String(answer.status)}: ${text}`);
  return text;
}
