/** @module Listing entries: every filter alone and all of them together, page by page. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LeafKind, RecordedEntry } from "../../src/log/entry.ts";
import type { AppendRequest, EntryQuery, RecordStore } from "../../src/store/record-store.ts";
import { decisionAppend, promotionAppend, publicationAppend } from "./appends.ts";

export function describeListing(store: () => RecordStore): void {
  describe("listing", () => {
    test("lists what fits, newest first, for any combination of filters", async () => {
      const requests = listedRequests();
      for (const request of requests) await store().append(request);
      await fc.assert(
        fc.asyncProperty(queries, async (query) => {
          const listed = await store().listEntries(query);
          expect(listed.map(({ leafIndex }) => leafIndex)).toEqual(
            expectedIndexes(requests, query),
          );
        }),
        { numRuns: 300 },
      );
    });

    test("pages follow each other without a gap or a repetition", async () => {
      const requests = Array.from({ length: 25 }, (_, i) =>
        decisionAppend({ service: i % 2 === 0 ? "checkout" : "search" }),
      );
      await Promise.all(requests.map((request) => store().append(request)));
      const seen: number[] = [];
      for (let page = await nextPage(store(), seen); page.length > 0; ) {
        seen.push(...page.map(({ leafIndex }) => leafIndex));
        page = await nextPage(store(), seen);
      }
      expect(seen).toEqual([24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
    });

    test("a limit that is none is refused", async () => {
      for (const limit of [0, -1, 1_001, 1.5, Number.NaN]) {
        await expect(store().listEntries({ limit })).rejects.toThrow("1 to 1000");
      }
    });
  });
}

function nextPage(store: RecordStore, seen: readonly number[]): Promise<readonly RecordedEntry[]> {
  const last = seen.at(-1);
  const cursor = last === undefined ? {} : { beforeLeafIndex: last };
  return store.listEntries({ service: "checkout", limit: 4, ...cursor });
}

const services = ["checkout", "search"];
const verdicts = ["allow", "rollback", "escalate"] as const;
const policies = ["slo_burn", "canary_compare", "evidence_quality"];

/** A decision of each combination, with times that do not always rise, and a few other entries. */
function listedRequests(): readonly AppendRequest[] {
  const decisions = services.flatMap((service, s) =>
    verdicts.flatMap((verdict, v) =>
      policies.map((_, p) =>
        decisionAppend({
          service,
          verdict,
          policies: policies.slice(0, p),
          timeMs: 10_000 + ((s * 9 + v * 3 + p) % 7) * 1_000,
        }),
      ),
    ),
  );
  return [
    publicationAppend("one"),
    publicationAppend("two"),
    ...decisions.slice(0, 9),
    promotionAppend("production", null, "one"),
    promotionAppend("staging", null, "one"),
    ...decisions.slice(9),
    promotionAppend("production", "one", "two"),
  ];
}

const timesMs = fc.integer({ min: 9_000, max: 18_000 });
const queries: fc.Arbitrary<EntryQuery> = fc.record(
  {
    limit: fc.integer({ min: 1, max: 30 }),
    kind: fc.constantFrom<LeafKind>("decision", "publication", "promotion"),
    service: fc.constantFrom(...services, "unknown"),
    verdict: fc.constantFrom<string>(...verdicts, "unknown"),
    policy: fc.constantFrom(...policies, "unknown"),
    channel: fc.constantFrom("production", "staging", "unknown"),
    sinceMs: timesMs,
    untilMs: timesMs,
    beforeLeafIndex: fc.integer({ min: 0, max: 25 }),
  },
  { requiredKeys: ["limit"] },
);

function expectedIndexes(requests: readonly AppendRequest[], query: EntryQuery): number[] {
  return requests
    .map((request, leafIndex) => ({ request, leafIndex }))
    .filter(({ request, leafIndex }) => fits(request, leafIndex, query))
    .map(({ leafIndex }) => leafIndex)
    .toReversed()
    .slice(0, query.limit);
}

function fits({ leaf, listing }: AppendRequest, leafIndex: number, query: EntryQuery): boolean {
  const timeMs = Date.parse(leaf.time);
  const verdict = leaf.kind === "decision" ? leaf.verdict : undefined;
  const channel = leaf.kind === "promotion" ? leaf.channel : undefined;
  return (
    (query.kind ?? leaf.kind) === leaf.kind &&
    (query.service === undefined || query.service === listing?.service) &&
    (query.verdict === undefined || query.verdict === verdict) &&
    (query.policy === undefined || (listing?.policies.includes(query.policy) ?? false)) &&
    (query.channel === undefined || query.channel === channel) &&
    timeMs >= (query.sinceMs ?? timeMs) &&
    timeMs <= (query.untilMs ?? timeMs) &&
    leafIndex < (query.beforeLeafIndex ?? Number.POSITIVE_INFINITY)
  );
}
