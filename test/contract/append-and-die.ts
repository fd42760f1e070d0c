/** @module A thread that joins a record, hands over ten appends, and ends before it hears of them. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { type MessagePort, workerData } from "node:worker_threads";
import { joinSqliteRecordStore, writerBounds } from "../../src/store/sqlite/sqlite-record-store.ts";
import { decisionAppend } from "./appends.ts";

const { directory, port } = workerData as {
  readonly directory: string;
  readonly port: MessagePort;
};
const store = joinSqliteRecordStore(directory, port, writerBounds);
for (let index = 0; index < 10; index++) void store.append(decisionAppend());
// They cross at the end of this turn.
await nextTurn();
await nextTurn();
process.exit();
