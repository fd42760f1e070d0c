import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import {
  joinSqliteRecordStore,
  openSqliteRecordStore,
  writerBounds,
} from "../../src/store/sqlite/sqlite-record-store.ts";
import { describeRecordStore } from "./record-store.contract.ts";

async function createDirectory() {
  const parent = await mkdtemp(join(tmpdir(), "belay-contract-"));
  const directory = join(parent, "record");
  return {
    directory,
    openReader: () => openSqliteRecordReader({ directory }),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

describeRecordStore("sqlite", async () => {
  const { directory, ...place } = await createDirectory();
  return { ...place, open: (options) => openSqliteRecordStore({ directory, ...options }) };
});

describeRecordStore("sqlite, joined", async () => {
  const { directory, ...place } = await createDirectory();
  return {
    ...place,
    async open(options) {
      const shared = await openSqliteRecordStore({ directory });
      const bounds = { ...writerBounds, ...options };
      const joined = joinSqliteRecordStore(directory, shared.connect(), bounds);
      const closeJoined = joined.close.bind(joined);
      return Object.assign(joined, {
        async close() {
          await closeJoined();
          await shared.close();
        },
      });
    },
  };
});
