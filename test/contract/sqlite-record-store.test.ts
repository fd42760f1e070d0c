import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteRecordReader } from "../../src/store/sqlite/sqlite-record-reader.ts";
import { openSqliteRecordStore } from "../../src/store/sqlite/sqlite-record-store.ts";
import { describeRecordStore } from "./record-store.contract.ts";

describeRecordStore("sqlite", async () => {
  const parent = await mkdtemp(join(tmpdir(), "belay-contract-"));
  const directory = join(parent, "record");
  return {
    open: (options) => openSqliteRecordStore({ directory, ...options }),
    openReader: () => openSqliteRecordReader({ directory }),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
});
