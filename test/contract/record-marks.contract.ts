/** @module Marks and leases: what every record store owes of them. */

import { expect, test } from "vitest";
import { createId } from "../../src/base/id.ts";
import type {
  AppendRequest,
  LeaseRequest,
  Mark,
  RecordStore,
} from "../../src/store/record-store.ts";
import { decisionAppend, stepAppend } from "./appends.ts";
import { checkRecord } from "./check-record.ts";

const scope = "production checkout";

function take(holder: string, nowMs: number, beginsAnew = false): LeaseRequest {
  const value = JSON.stringify({ holder });
  return { action: "take", scope, holder, value, nowMs, expiresAtMs: nowMs + 5_000, beginsAnew };
}

function marked(timeMs: number, ...marks: readonly Mark[]): AppendRequest {
  return { ...decisionAppend({ timeMs, id: createId(timeMs) }), marks };
}

export function describeMarks(store: () => RecordStore, reopen: () => Promise<void>): void {
  test("marks are found by subject, newest first, of a span of time", async () => {
    for (const [at, value] of [1_000, 3_000, 2_000].entries()) {
      await store().append(marked(value, { subject: "a", value: `${at}` }));
    }
    await store().append(marked(4_000, { subject: "b", value: "x" }, { subject: "b", value: "y" }));
    await reopen();
    const valuesOf = async (subject: string, sinceMs: number, limit: number) =>
      (await store().findMarks(subject, sinceMs, limit)).map(({ value }) => value);
    expect(await valuesOf("a", 0, 10)).toEqual(["1", "2", "0"]);
    expect(await valuesOf("a", 2_000, 10)).toEqual(["1", "2"]);
    expect(await valuesOf("a", 0, 1)).toEqual(["1"]);
    expect(await valuesOf("b", 0, 10)).toEqual(["y", "x"]);
    expect(await valuesOf("' OR 1", 0, 10)).toEqual([]);
    expect((await store().findMarks("a", 3_000, 1))[0]).toEqual({
      value: "1",
      leafIndex: 1,
      timeMs: 3_000,
    });
    await checkRecord(store(), 4);
  });

  test("an append that is refused leaves no mark", async () => {
    const first = decisionAppend({ key: "k" });
    await store().append(first);
    const again = decisionAppend({ key: "k" });
    await store().append({ ...again, marks: [{ subject: "a", value: "1" }] });
    expect(await store().findMarks("a", 0, 10)).toEqual([]);
  });

  test("a lease has one holder, who may renew it and give it up", async () => {
    const results = await Promise.all(
      ["one", "two", "one"].map((holder, at) =>
        store().append({ ...stepAppend(), lease: take(holder, 1_000 + at) }),
      ),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(["appended", "lease-held", "appended"]);
    expect(results[1]).toMatchObject({ lease: { holder: "one", value: '{"holder":"one"}' } });
    await reopen();
    expect(await store().findLease(scope)).toEqual({
      scope,
      holder: "one",
      value: '{"holder":"one"}',
      takenAtMs: 1_000,
      renewedAtMs: 1_002,
      expiresAtMs: 6_002,
    });
    const other: LeaseRequest = { action: "release", scope, holder: "two" };
    await store().append({ ...stepAppend(), lease: other });
    expect((await store().findLease(scope))?.holder).toBe("one");
    await store().append({ ...stepAppend(), lease: { ...other, holder: "one" } });
    expect(await store().findLease(scope)).toBeUndefined();
    await checkRecord(store(), 4);
  });

  test("a lease that has expired may be taken by another, from that moment on", async () => {
    await store().append({ ...stepAppend(), lease: take("one", 1_000) });
    const early = await store().append({ ...stepAppend(), lease: take("two", 5_999) });
    expect(early.outcome).toBe("lease-held");
    const late = await store().append({ ...stepAppend(), lease: take("two", 6_000) });
    expect(late.outcome).toBe("appended");
    expect(await store().findLease(scope)).toMatchObject({ holder: "two", takenAtMs: 6_000 });
  });

  test("whoever begins anew has the lease from then on", async () => {
    await store().append({ ...stepAppend(), lease: take("one", 1_000) });
    await store().append({ ...stepAppend(), lease: take("one", 2_000, true) });
    expect(await store().findLease(scope)).toMatchObject({ takenAtMs: 2_000, renewedAtMs: 2_000 });
  });
}
