/** @module Random appends, many at once, against the plainest model of a record there is. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { AppendRequest, AppendResult, RecordStore } from "../../src/store/record-store.ts";
import { bundleOf, decisionAppend, promotionAppend, publicationAppend } from "./appends.ts";
import { checkRecord } from "./check-record.ts";

type Step =
  | { readonly kind: "decide"; readonly key: string | undefined; readonly body: string }
  | { readonly kind: "publish"; readonly content: string }
  | {
      readonly kind: "promote";
      readonly channel: string;
      readonly from: string | null;
      readonly to: string;
    };

const content = fc.constantFrom("one", "two", "three");
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("decide" as const),
    key: fc.option(fc.constantFrom("k1", "k2", "k3"), { nil: undefined }),
    body: fc.constantFrom("a", "b"),
  }),
  fc.record({ kind: fc.constant("publish" as const), content }),
  fc.record({
    kind: fc.constant("promote" as const),
    channel: fc.constantFrom("production", "staging"),
    from: fc.option(content, { nil: null }),
    to: content,
  }),
);

/** Groups of steps: each group is appended in one turn, and settles before the next. */
const groups = fc.array(fc.array(steps, { minLength: 1, maxLength: 12 }), { maxLength: 6 });

export function describeRandomAppends(store: () => RecordStore): void {
  test("random appends come out as a record that takes one after the other would have it", async () => {
    const model = new Model();
    await fc.assert(
      fc.asyncProperty(groups, async (rounds) => {
        for (const group of rounds) {
          const requests = group.map(requestOf);
          const expected = group.map((step) => model.apply(step));
          const settled = await Promise.allSettled(requests.map((one) => store().append(one)));
          expect(settled.map(outcomeOf)).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
    for (const [channel, revision] of model.channels) {
      expect(await store().findChannel(channel)).toBe(bundleOf(revision).revision);
    }
    await checkRecord(store(), model.size);
  });
}

function requestOf(step: Step): AppendRequest {
  switch (step.kind) {
    case "decide": {
      const requestSha256 = (step.body === "a" ? "a" : "b").repeat(64);
      return decisionAppend(step.key === undefined ? {} : { key: step.key, requestSha256 });
    }
    case "publish":
      return publicationAppend(step.content);
    case "promote":
      return promotionAppend(step.channel, step.from, step.to);
  }
}

function outcomeOf(settled: PromiseSettledResult<AppendResult>): string {
  if (settled.status === "rejected") return "rejected";
  const { value } = settled;
  return "entry" in value ? `${value.outcome} ${value.entry.leafIndex}` : value.outcome;
}

class Model {
  size = 0;
  readonly channels = new Map<string, string>();
  readonly #keys = new Map<string, { readonly body: string; readonly leafIndex: number }>();
  readonly #published = new Map<string, number>();

  apply(step: Step): string {
    if (step.kind === "decide" && step.key !== undefined) {
      const known = this.#keys.get(step.key);
      if (known !== undefined) {
        return known.body === step.body ? `duplicate ${known.leafIndex}` : "key-reused";
      }
      this.#keys.set(step.key, { body: step.body, leafIndex: this.size });
    }
    if (step.kind === "publish") {
      const known = this.#published.get(step.content);
      if (known !== undefined) return `duplicate ${known}`;
      this.#published.set(step.content, this.size);
    }
    if (step.kind === "promote") {
      if ((this.channels.get(step.channel) ?? null) !== step.from) return "channel-moved";
      if (!this.#published.has(step.to)) return "rejected";
      this.channels.set(step.channel, step.to);
    }
    this.size += 1;
    return `appended ${this.size - 1}`;
  }
}
