/**
 * @module A process that appends to a record as fast as it may until somebody stops it or the disk
 * does: `append-until-stopped.ts DIRECTORY ACKNOWLEDGED`. Each append that has resolved is a line
 * in the file ACKNOWLEDGED, `leaf index, id`: written at once, so that it outlives the process.
 * Where an append is refused, it says on its output what still works, and ends.
 */

import { openSync, writeSync } from "node:fs";
import { BelayError } from "../../src/base/errors.ts";
import { verifyRecord } from "../../src/log/verify.ts";
import { openSqliteRecordStore } from "../../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "../contract/appends.ts";

const [directory = "", acknowledgedFile = ""] = process.argv.slice(2);
const inFlight = 32;
const acknowledged = openSync(acknowledgedFile, "a");
const store = await openSqliteRecordStore({ directory });

async function appendOn(): Promise<string> {
  for (;;) {
    const request = decisionAppend({ padding: "x".repeat(1_000) });
    const result = await store.append(request).catch((error: unknown) => error);
    if (result instanceof BelayError) return result.code;
    if (result instanceof Error) throw result;
    const { entry } = result as { entry: { leafIndex: number } };
    writeSync(acknowledged, `${entry.leafIndex} ${request.leaf.id}\n`);
  }
}

const codes = await Promise.all(Array.from({ length: inFlight }, appendOn));
const { ok, tree_size } = await verifyRecord(store);
const later = await store.append(decisionAppend()).catch(({ code }: BelayError) => code);
await store.close();
console.log(JSON.stringify({ codes: [...new Set(codes)], later, verified: ok, tree_size }));
