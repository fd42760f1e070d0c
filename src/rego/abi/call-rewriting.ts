/** @module Rewriting the direct calls that chosen functions of a module make. */

import { opcode, skipImmediates } from "./instruction.ts";
import { ModuleReader, type Section, writeUnsigned } from "./module-reader.ts";

export interface CallRewriting {
  /** Whether the calls of a function, by its place among the module's own, are looked at. */
  readonly isChosen: (at: number) => boolean;
  /** The instructions in place of a call of the function of that index; undefined keeps it. */
  readonly replacementOf: (index: number) => readonly number[] | undefined;
}

/** The code section with other instructions in place of some calls. */
export function rewriteCalls(
  { id, content }: Section,
  { isChosen, replacementOf }: CallRewriting,
): Section {
  const reader = new ModuleReader(content);
  const count = reader.unsigned();
  const parts: Uint8Array[] = [Uint8Array.from(writeUnsigned(count))];
  for (let at = 0; at < count; at += 1) {
    const body = reader.slice(reader.unsigned());
    const changed = isChosen(at) ? Buffer.concat(rewriteBody(body, replacementOf)) : body;
    parts.push(Uint8Array.from(writeUnsigned(changed.length)), changed);
  }
  return { id, content: Buffer.concat(parts) };
}

function rewriteBody(
  body: Uint8Array,
  replacementOf: CallRewriting["replacementOf"],
): Uint8Array[] {
  const reader = new ModuleReader(body);
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.unsigned();
    reader.byte();
  }
  const parts: Uint8Array[] = [];
  let kept = 0;
  while (!reader.isAtEnd) {
    const from = reader.at;
    const code = reader.byte();
    if (code !== opcode.call) {
      skipImmediates(reader, code);
      continue;
    }
    const replacement = replacementOf(reader.unsigned());
    if (replacement === undefined) continue;
    parts.push(body.subarray(kept, from), Uint8Array.from(replacement));
    kept = reader.at;
  }
  parts.push(body.subarray(kept));
  return parts;
}
