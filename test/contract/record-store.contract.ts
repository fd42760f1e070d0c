/** @module What every record store owes, as tests. `src/store/record-store.ts` says it in words. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BelayError } from "../../src/base/errors.ts";
import { createId } from "../../src/base/id.ts";
import { emptyRootHash } from "../../src/log/merkle.ts";
import type {
  AppendRequest,
  AppendResult,
  RecordReader,
  RecordStore,
} from "../../src/store/record-store.ts";
import { bundleOf, decisionAppend, promotionAppend, publicationAppend } from "./appends.ts";
import { checkRecord } from "./check-record.ts";
import { describeListing } from "./record-listing.contract.ts";
import { describeMarks } from "./record-marks.contract.ts";
import { describeRandomAppends } from "./record-model.contract.ts";

/** A place for one record, empty at first. */
export interface RecordPlace {
  open(options?: { readonly waitingMax?: number }): Promise<RecordStore>;
  openReader(): Promise<RecordReader>;
  remove(): Promise<void>;
}

/** Runs the suite on stores in places that `createPlace` makes. */
export function describeRecordStore(name: string, createPlace: () => Promise<RecordPlace>): void {
  describe(`${name}: the contract of a record store`, () => {
    let place: RecordPlace;
    let store: RecordStore;

    beforeEach(async () => {
      place = await createPlace();
      store = await place.open();
    });

    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    async function reopen(): Promise<void> {
      await store.close();
      store = await place.open();
    }

    describeAppends(() => store, reopen);
    describeOnce(() => store, reopen);
    describeBundlesAndChannels(() => store, reopen);
    describeMarks(() => store, reopen);
    describeRefusals(() => store);
    describeListing(() => store);
    describeRandomAppends(() => store);
    describeLife(
      () => place,
      () => store,
    );
  });
}

function describeAppends(store: () => RecordStore, reopen: () => Promise<void>): void {
  test("an empty record has the empty root and nothing to find", async () => {
    expect(await store().readHead()).toEqual({ treeSize: 0, rootHash: emptyRootHash });
    expect(await store().findEntry(createId(0))).toBeUndefined();
    expect(await store().findByIdempotencyKey("key")).toBeUndefined();
    expect(await store().findChannel("production")).toBeUndefined();
    expect(await store().findBundle("0".repeat(64))).toBeUndefined();
    expect(await store().listEntries({ limit: 10 })).toEqual([]);
    expect(await store().listBundles()).toEqual([]);
    await checkRecord(store(), 0);
    await reopen();
    await checkRecord(store(), 0);
  });

  test("an entry is read back as it was appended, at once and after opening anew", async () => {
    const request = decisionAppend({ service: "checkout", policies: ["slo_burn"] });
    const { entry, head } = await appended(store().append(request));
    expect(entry).toMatchObject({ leafIndex: 0, leaf: request.leaf, body: request.body });
    expect(head.treeSize).toBe(1);
    expect(await store().findEntry(request.leaf.id)).toEqual(entry);
    await checkRecord(store(), 1);
    await reopen();
    expect(await store().findEntry(request.leaf.id)).toEqual(entry);
    expect(await store().readHead()).toEqual(head);
  });

  test("entries appended together come in the order of the calls, without a gap", async () => {
    const requests = Array.from({ length: 300 }, () => decisionAppend());
    const results = await Promise.all(requests.map((request) => appended(store().append(request))));
    expect(results.map(({ entry }) => entry.leafIndex)).toEqual(requests.map((_, index) => index));
    expect(results.map(({ entry }) => entry.leaf)).toEqual(requests.map(({ leaf }) => leaf));
    for (const { entry, head } of results) expect(head.treeSize).toBeGreaterThan(entry.leafIndex);
    await checkRecord(store(), 300);
  });

  test("the tree goes on where it stopped", async () => {
    for (let size = 1; size <= 4; size++) {
      await store().append(decisionAppend());
      await reopen();
      await checkRecord(store(), size);
    }
  });

  test("any text comes back as it went in", async () => {
    const service = "a\u0000b'; DROP TABLE entries; -- \u{1F600} é";
    const padding = `${"x".repeat(1_000_000)}\u0000\u2028"\\`;
    const request = decisionAppend({ service, padding, key: "\u0000'%_", policies: [service] });
    await store().append(request);
    expect((await store().findEntry(request.leaf.id))?.body).toEqual(request.body);
    expect(await store().listEntries({ service, policy: service, limit: 5 })).toHaveLength(1);
    expect((await store().findByIdempotencyKey("\u0000'%_"))?.entry.leafIndex).toBe(0);
    expect(await store().findByIdempotencyKey("\u0000")).toBeUndefined();
    await checkRecord(store(), 1);
  });

  test("a clock that goes back a day, or forward, changes nothing of the order", async () => {
    const dayMs = 86_400_000;
    for (const timeMs of [10 * dayMs, 9 * dayMs, 11 * dayMs, 10 * dayMs]) {
      await store().append(decisionAppend({ timeMs }));
    }
    await checkRecord(store(), 4);
  });
}

function describeOnce(store: () => RecordStore, reopen: () => Promise<void>): void {
  test("an idempotency key makes one entry, however often and whenever it comes", async () => {
    const first = decisionAppend({ key: "k1" });
    const [one, two] = await Promise.all([
      store().append(first),
      store().append(decisionAppend({ key: "k1" })),
    ]);
    expect(one.outcome).toBe("appended");
    expect(two).toMatchObject({ outcome: "duplicate", entry: { leafIndex: 0, leaf: first.leaf } });
    await reopen();
    const three = await store().append(decisionAppend({ key: "k1" }));
    expect(three).toMatchObject({
      outcome: "duplicate",
      entry: { leafIndex: 0, body: first.body },
    });
    expect(three).toMatchObject({ head: { treeSize: 1 } });
    const found = await store().findByIdempotencyKey("k1");
    expect(found?.requestSha256).toBe(first.idempotency?.requestSha256);
    expect(found?.entry.leaf).toEqual(first.leaf);
    await checkRecord(store(), 1);
  });

  test("a key that comes with another request is refused, in the same moment and later", async () => {
    const other = decisionAppend({ key: "k1", requestSha256: "f".repeat(64) });
    const results = await Promise.all([
      store().append(decisionAppend({ key: "k1" })),
      store().append(other),
      store().append(decisionAppend({ key: "k2" })),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["appended", "key-reused", "appended"]);
    expect(await store().append(other)).toEqual({ outcome: "key-reused" });
    expect(await store().findEntry(other.leaf.id)).toBeUndefined();
    await checkRecord(store(), 2);
  });
}

function describeBundlesAndChannels(store: () => RecordStore, reopen: () => Promise<void>): void {
  test("a publication keeps its archive under its revision", async () => {
    await store().append(publicationAppend("one"));
    await store().append(publicationAppend("two"));
    await reopen();
    const found = await store().findBundle(bundleOf("one").revision);
    expect(found?.archive).toEqual(new TextEncoder().encode("one"));
    expect(found?.kept).toEqual({
      ...bundleOf("one"),
      archiveBytes: 3,
      leafIndex: 0,
      publishedAt: (await store().listEntries({ limit: 2 }))[1]?.leaf.time,
    });
    const names = (await store().listBundles()).map(({ revision }) => revision);
    expect(names).toEqual([bundleOf("two").revision, bundleOf("one").revision]);
    await checkRecord(store(), 2);
  });

  test("a revision is published once: the first archive stays", async () => {
    const again = publicationAppend("one");
    const results = await Promise.all([
      store().append(publicationAppend("one")),
      store().append(again),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["appended", "duplicate"]);
    expect(results[1]).toMatchObject({ entry: { leafIndex: 0 } });
    expect(await store().append(again)).toMatchObject({ outcome: "duplicate" });
    await checkRecord(store(), 1);
  });

  test("a promotion moves a channel from where it points, and from nowhere else", async () => {
    await store().append(publicationAppend("one"));
    await store().append(publicationAppend("two"));
    expect((await store().append(promotionAppend("production", null, "one"))).outcome).toBe(
      "appended",
    );
    const results = await Promise.all([
      store().append(promotionAppend("production", "one", "two")),
      store().append(promotionAppend("production", "one", "two")),
      store().append(promotionAppend("staging", "one", "two")),
      store().append(promotionAppend("staging", null, "two")),
    ]);
    const { revision } = bundleOf("two");
    expect(results[0]?.outcome).toBe("appended");
    expect(results[1]).toEqual({ outcome: "channel-moved", current: revision });
    expect(results[2]).toEqual({ outcome: "channel-moved", current: null });
    expect(results[3]?.outcome).toBe("appended");
    await reopen();
    expect(await store().findChannel("production")).toBe(revision);
    expect(await store().findChannel("staging")).toBe(revision);
    expect(await store().append(promotionAppend("production", "two", "one"))).toMatchObject({
      outcome: "appended",
    });
    await checkRecord(store(), 6);
  });
}

function describeRefusals(store: () => RecordStore): void {
  test("an id that is on record rejects alone", async () => {
    const { id } = (await appended(store().append(decisionAppend()))).entry.leaf;
    const settled = await Promise.allSettled([
      store().append(decisionAppend({ key: "before" })),
      store().append(decisionAppend({ id, key: "bad", policies: ["p"] })),
      store().append(decisionAppend({ key: "after" })),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(settled[1]).toMatchObject({ reason: { code: "internal" } });
    expect(await store().findByIdempotencyKey("bad")).toBeUndefined();
    expect(await store().listEntries({ policy: "p", limit: 1 })).toEqual([]);
    expect(store().sealed).toBeUndefined();
    await checkRecord(store(), 3);
  });

  test("a promotion of a revision that was never published rejects alone", async () => {
    const settled = await Promise.allSettled([
      store().append(decisionAppend()),
      store().append(promotionAppend("production", null, "unheard of")),
      store().append(decisionAppend()),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(settled[1]).toMatchObject({ reason: { code: "bundle-not-found" } });
    expect(await store().findChannel("production")).toBeUndefined();
    await checkRecord(store(), 2);
  });

  test("what breaks the port is refused, and nothing of it is written", async () => {
    const { body, ...rest } = decisionAppend();
    const { listing: _, ...unlisted } = decisionAppend();
    const refused: readonly [AppendRequest, string][] = [
      [rest, "has a body"],
      [unlisted, "is listed"],
      [{ leaf: publicationAppend("a").leaf }, "archive"],
      [{ ...publicationAppend("a"), archive: new Uint8Array(3) }, "digest"],
      [{ ...promotionAppend("p", null, "a"), ...(body && { body }) }, "body"],
      [withSubject("x".repeat(20_000)), "16384"],
      [withSubject("\ud800"), "schema"],
      [decisionAppend({ key: "\ud800" }), "surrogates"],
    ];
    for (const [request, message] of refused) {
      await expect(store().append(request)).rejects.toThrow(message);
    }
    await checkRecord(store(), 0);
  });
}

function withSubject(subject: string): AppendRequest {
  const request = decisionAppend();
  return { ...request, leaf: { ...request.leaf, caller: { subject, auth: "none" } } };
}

function describeLife(place: () => RecordPlace, store: () => RecordStore): void {
  test("a second writer is refused while the first has the record, readers are not", async () => {
    await store().append(decisionAppend());
    await expect(place().open()).rejects.toMatchObject({ code: "data-directory-in-use" });
    const reader = await place().openReader();
    await checkRecord(reader, 1);
    // A read sees what was committed after the reader had opened, too.
    await store().append(decisionAppend());
    await checkRecord(reader, 2);
    await store().close();
    const next = await place().open();
    await next.append(decisionAppend());
    await checkRecord(reader, 3);
    await next.close();
    await reader.close();
  });

  test("closing commits what was taken, refuses what comes, and can be repeated", async () => {
    const taken = Array.from({ length: 100 }, () => store().append(decisionAppend()));
    const closing = [store().close(), store().close()];
    await expect(store().append(decisionAppend())).rejects.toMatchObject({ code: "log-sealed" });
    await Promise.all(closing);
    const results = await Promise.all(taken);
    expect(results.every(({ outcome }) => outcome === "appended")).toBe(true);
    await store().close();
    const reader = await place().openReader();
    await checkRecord(reader, 100);
    await reader.close();
  });

  test("more than may wait is refused at once, and what was taken is kept", async () => {
    await store().close();
    const small = await place().open({ waitingMax: 50 });
    const requests = Array.from({ length: 80 }, () => decisionAppend());
    const settled = Promise.allSettled(requests.map((request) => small.append(request)));
    expect(small.waitingCount).toBeLessThanOrEqual(50);
    const results = await settled;
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
    for (const result of results.slice(50)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "overloaded" } });
    }
    expect(small.waitingCount).toBe(0);
    await small.append(decisionAppend());
    await checkRecord(small, 51);
    await small.close();
  });

  test("reading goes on while entries are written", async () => {
    let writing = true;
    const written = appendMany(store(), 400).finally(() => {
      writing = false;
    });
    let reads = 0;
    while (writing) {
      const head = await store().readHead();
      const entries = await store().readEntries(0, 1_000);
      expect(entries.length).toBeGreaterThanOrEqual(head.treeSize);
      reads += 1;
    }
    await written;
    expect(reads).toBeGreaterThan(0);
    await checkRecord(store(), 400);
  });
}

async function appendMany(store: RecordStore, count: number): Promise<void> {
  for (let done = 0; done < count; done += 20) {
    await Promise.all(Array.from({ length: 20 }, () => store.append(decisionAppend())));
  }
}

/** The result of an append that must succeed. */
async function appended(
  result: Promise<AppendResult>,
): Promise<Extract<AppendResult, { outcome: "appended" }>> {
  const settled = await result;
  if (settled.outcome !== "appended") throw new BelayError("internal", settled.outcome);
  return settled;
}
